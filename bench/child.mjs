/** The entry of a measuring process: runs the one function that it is sent, and answers with what it gave. */

process.once("message", (asked) => void answer(asked));

async function answer({ module, name, argument }) {
  const { [name]: measure } = await import(module);
  process.send({ value: await measure(argument) }, () => process.disconnect());
}
