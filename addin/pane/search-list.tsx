import { Field, Input } from "@fluentui/react-components";
import { SearchRegular } from "@fluentui/react-icons/svg/search";
import { type ReactNode, useState } from "react";
import { Refusal } from "./failure.tsx";
import { useLater } from "./later.ts";
import { useLayout } from "./layout.ts";

type Found<Item> = {
  data: Item[] | undefined;
  error: Error | null;
  isSuccess: boolean;
  /** What is shown was found for what stood there before. */
  isPlaceholderData: boolean;
};

/** A field to search with, and what was found so far; `children` are the ways on from here. */
export function SearchList<Item>({
  label,
  hint,
  nothing,
  useFound,
  leaveOut = () => false,
  row,
  children,
}: {
  label: string;
  hint: string;
  nothing: string;
  /** Finds by the words that stand in the field; they are empty in the beginning. */
  useFound: (search: string) => Found<Item>;
  leaveOut?: (item: Item) => boolean;
  /** A list item with its key. */
  row: (item: Item) => ReactNode;
  children: ReactNode;
}) {
  const layout = useLayout();
  const [search, setSearch] = useState("");
  const found = useFound(useLater(search.trim()));
  const items = (found.data ?? []).filter((item) => !leaveOut(item));

  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers older than the <search> element would show no landmark
    <div role="search" className={layout.section}>
      <Field label={label} hint={hint}>
        <Input
          type="search"
          autoFocus
          contentBefore={<SearchRegular />}
          value={search}
          onChange={(_, { value }) => setSearch(value)}
        />
      </Field>
      {found.error ? <Refusal error={found.error} /> : null}
      <ul className={layout.list} aria-live="polite">
        {items.map(row)}
        {found.isSuccess && !found.isPlaceholderData && items.length === 0 ? (
          <li className={layout.quiet}>{nothing}</li>
        ) : null}
      </ul>
      <div className={layout.row}>{children}</div>
    </div>
  );
}
