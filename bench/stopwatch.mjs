/** Wall-clock and processor time of a stretch of work. */

/** Call the result for the seconds since: `user` and `system` count all threads, the garbage collector's included. */
export function stopwatch() {
  const cpu = process.cpuUsage();
  const started = process.hrtime.bigint();
  return () => {
    const wall = Number(process.hrtime.bigint() - started) / 1e9;
    const { user, system } = process.cpuUsage(cpu);
    return { wall, user: user / 1e6, system: system / 1e6 };
  };
}
