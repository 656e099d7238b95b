import { useSyncExternalStore } from "react";

/** Below this, one column at a time: a phone, or a window beside another. */
const query = window.matchMedia("(max-width: 800px)");

export const useNarrow = () =>
  useSyncExternalStore(
    (listener) => {
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => query.matches,
  );
