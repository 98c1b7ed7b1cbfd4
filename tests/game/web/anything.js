// A stand-in for a part of the page that a test does not look at.

/** It has every property and method, which give the like; as a list it is empty, as a text too. */
export function anything() {
  return new Proxy(() => {}, {
    get: (_, name) => {
      if (name === Symbol.iterator) return () => [].values();
      if (name === Symbol.toPrimitive) return () => "";
      return anything();
    },
    apply: anything,
  });
}
