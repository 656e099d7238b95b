import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { EyeFilled } from "@fluentui/react-icons/svg/eye";
import { LockClosedFilled } from "@fluentui/react-icons/svg/lock-closed";
import { composerText } from "../text/composer.ts";
import { useText } from "../text/text.tsx";
import { type Side, useVisibility } from "../ticket/visibility.ts";

const useStyles = makeStyles({
  switch: { display: "grid", gridTemplateColumns: "auto minmax(0, 1fr)", border: 0, margin: 0, padding: 0 },
  legend: { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" },
  side: {
    position: "relative",
    display: "flex",
    alignItems: "center",
    justifyContent: "center",
    gap: tokens.spacingHorizontalXS,
    minHeight: "36px",
    padding: `0 ${tokens.spacingHorizontalXS}`,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    backgroundColor: tokens.colorNeutralBackground3,
    color: tokens.colorNeutralForeground2,
    cursor: "pointer",
    fontSize: tokens.fontSizeBase200,
    textAlign: "center",
    ":focus-within": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "-2px" },
    "& svg": { fontSize: "16px", flexShrink: 0 },
  },
  chosen: { fontWeight: tokens.fontWeightBold, textDecorationLine: "underline", textUnderlineOffset: "3px" },
  radio: { margin: 0, flexShrink: 0 },
});

/** Inside on the left, the customer on the right, as everywhere in the pane; the chosen side is said, marked and coloured. */
export function Audience({ side, choose }: { side: Side; choose: (side: Side) => void }) {
  const styles = useStyles();
  const visibility = useVisibility();
  const text = useText(composerText);
  const sides = [
    {
      value: "internal",
      label: text.composeInternal,
      icon: <LockClosedFilled aria-hidden />,
      band: visibility.internalBand,
    },
    { value: "customer", label: text.composeCustomer, icon: <EyeFilled aria-hidden />, band: visibility.customerSide },
  ] as const;
  return (
    <fieldset className={styles.switch}>
      <legend className={styles.legend}>{text.audience}</legend>
      {sides.map(({ value, label, icon, band }) => (
        <label key={value} className={mergeClasses(styles.side, side === value && mergeClasses(band, styles.chosen))}>
          <input
            type="radio"
            name="audience"
            className={styles.radio}
            checked={side === value}
            onChange={() => choose(value)}
          />
          {icon}
          {label}
        </label>
      ))}
    </fieldset>
  );
}
