import { Badge } from "@fluentui/react-components";

/** Fluent's badge colours that read as Outlook's categories, in light and in dark. */
const colours = ["brand", "danger", "important", "informative", "severe", "success", "warning"] as const;

/** A category in its colour. The sandbox has no master list: the name decides, always the same. */
export function CategoryLabel({ name }: { name: string }) {
  return (
    <Badge
      appearance="tint"
      size="small"
      shape="rounded"
      color={colourOf(name)}
      style={{ maxWidth: 120, overflow: "hidden", whiteSpace: "nowrap" }}
    >
      {name}
    </Badge>
  );
}

function colourOf(name: string) {
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return colours[sum % colours.length] ?? "brand";
}
