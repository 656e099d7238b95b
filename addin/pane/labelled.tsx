import type { ReactNode } from "react";
import { useLayout } from "./layout.ts";

/** A label above one control, for controls that need no hint and no message; Fluent's Field can more and weighs more. */
export function Labelled({ label, children }: { label: string; children: ReactNode }) {
  const layout = useLayout();
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className={layout.tight}>
      <span className={layout.quiet}>{label}</span>
      {children}
    </label>
  );
}
