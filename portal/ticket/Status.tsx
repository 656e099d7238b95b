/** @jsxRuntime automatic */
import type { StatusView } from "../contract.ts";
import type { Words } from "../text/index.ts";

/** A ticket's status in the customer's words; `turn` also says whose turn it is. */
export function Status({ status, words, turn = false }: { status: StatusView; words: Words; turn?: boolean }) {
  if (!status) return null;
  return (
    <>
      <span className="status" data-turn={status.turn}>
        {status.label ?? words.status[status.key]}
      </span>
      {turn ? <span className="turn">{words.turn[status.turn]}</span> : null}
    </>
  );
}
