import { useEffect, useState } from "react";

/** The value once it has stood still: a search asks when somebody pauses, not at every key. */
export function useLater<Value>(value: Value, pause = 200): Value {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), pause);
    return () => clearTimeout(timer);
  }, [value, pause]);
  return later;
}

/** Whether that many milliseconds have passed since this was drawn. */
export function useLate(milliseconds: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return late;
}
