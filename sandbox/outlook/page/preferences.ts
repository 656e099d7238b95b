import { useState } from "react";
import type { Keep } from "../host/surroundings.ts";

/** A choice that the browser remembers. */
export function usePreference<T>(name: string, initial: T): [T, (value: T) => void] {
  const [chosen, setChosen] = useState<T>(() => read(name) ?? initial);
  return [
    chosen,
    (value) => {
      localStorage.setItem(`outlook.${name}`, JSON.stringify(value));
      setChosen(value);
    },
  ];
}

function read(name: string) {
  const stored = localStorage.getItem(`outlook.${name}`);
  return stored === null ? null : JSON.parse(stored);
}

/** Where an add-in's settings and custom properties live in the sandbox: in this browser. */
export const browserKeep: Keep = {
  read: (key) => read(`keep/${key}`) ?? {},
  write: (key, what) => localStorage.setItem(`outlook.keep/${key}`, JSON.stringify(what)),
};
