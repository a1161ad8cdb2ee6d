/** Methods that may be taken out of what functions are handed: `processElement(value, { collect })`. */

/** Call it in a constructor: what is a method of the object's classes is a function of its own from then on. */
export function bindMethods(context: object): void {
  const methods = context as Record<string, unknown>;
  for (let of = Object.getPrototypeOf(context); of !== Object.prototype; of = Object.getPrototypeOf(of)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(of as object))) {
      const isMethod = typeof value === "function" && name !== "constructor";
      if (isMethod && !Object.hasOwn(context, name)) methods[name] = value.bind(context);
    }
  }
}
