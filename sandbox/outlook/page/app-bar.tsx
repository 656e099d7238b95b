import {
  Avatar,
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItemCheckbox,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  mergeClasses,
  SearchBox,
  Tooltip,
  tokens,
} from "@fluentui/react-components";
import {
  Bug20Regular,
  Navigation20Regular,
  PlugConnected20Regular,
  PlugDisconnected20Regular,
  WeatherMoon20Regular,
  WeatherSunny20Regular,
} from "@fluentui/react-icons";
import { addressOf, type Place, placesOf } from "./place.ts";
import type { Person, Start } from "./start.ts";

const useStyles = makeStyles({
  bar: {
    display: "flex",
    alignItems: "center",
    gap: "8px",
    height: "48px",
    flexShrink: 0,
    padding: "0 8px 0 16px",
    "@media (max-width: 800px)": { padding: "0 4px" },
    backgroundColor: tokens.colorBrandBackground,
    color: tokens.colorNeutralForegroundOnBrand,
  },
  name: { fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold, whiteSpace: "nowrap" },
  sandbox: { fontWeight: tokens.fontWeightRegular, fontSize: tokens.fontSizeBase200 },
  search: { flex: 1, display: "flex", justifyContent: "center", minWidth: 0 },
  searchBox: { width: "100%", maxWidth: "480px", minWidth: 0 },
  onBrand: {
    color: tokens.colorNeutralForegroundOnBrand,
    "&:hover": { color: tokens.colorNeutralForegroundOnBrand, backgroundColor: tokens.colorBrandBackgroundHover },
    "&:hover:active": {
      color: tokens.colorNeutralForegroundOnBrand,
      backgroundColor: tokens.colorBrandBackgroundPressed,
    },
  },
  bridge: { whiteSpace: "nowrap", fontWeight: tokens.fontWeightRegular },
  item: { maxWidth: "none", whiteSpace: "nowrap" },
  switcher: { minWidth: 0, padding: "4px 8px" },
  account: { display: "flex", gap: "8px", minWidth: 0, maxWidth: "260px" },
  accountText: { display: "flex", flexDirection: "column", alignItems: "flex-start", lineHeight: 1.2, minWidth: 0 },
  unseen: { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" },
  address: { fontSize: tokens.fontSizeBase200, fontWeight: tokens.fontWeightRegular },
});

export function AppBar(props: {
  start: Start;
  place: Place;
  goTo: (place: Place) => void;
  dark: boolean;
  onDark: (dark: boolean) => void;
  narrow: boolean;
  search: string;
  onSearch: (search: string) => void;
  bridge: boolean;
  onBridge: (on: boolean) => void;
  logShown: boolean;
  onLog: (shown: boolean) => void;
  onFolders: () => void;
}) {
  const { dark, narrow, bridge, logShown } = props;
  const styles = useStyles();
  const bridgeText = `Sign-in bridge: ${bridge ? "on" : "off"}`;

  return (
    <header className={styles.bar}>
      {narrow ? (
        <Button
          appearance="transparent"
          className={styles.onBrand}
          icon={<Navigation20Regular />}
          aria-label="Folders"
          onClick={props.onFolders}
        />
      ) : (
        <span className={styles.name}>
          Outlook <span className={styles.sandbox}>sandbox</span>
        </span>
      )}
      <div className={styles.search}>
        <SearchBox
          className={styles.searchBox}
          placeholder="Search subject or sender"
          aria-label="Search subject or sender"
          value={props.search}
          onChange={(_, { value }) => props.onSearch(value)}
        />
      </div>
      {narrow ? null : (
        <>
          <Tooltip
            relationship="description"
            content="Outlook on the web signs add-ins in without a bridge, other Outlooks with one: try both. The pane starts anew."
          >
            <Button
              appearance="transparent"
              className={mergeClasses(styles.onBrand, styles.bridge)}
              icon={bridge ? <PlugConnected20Regular /> : <PlugDisconnected20Regular />}
              role="switch"
              aria-checked={bridge}
              onClick={() => props.onBridge(!bridge)}
            >
              {bridgeText}
            </Button>
          </Tooltip>
          <Tooltip
            relationship="label"
            content={logShown ? "Hide the host log" : "Show what Outlook and the add-in say to each other"}
          >
            <Button
              appearance="transparent"
              className={styles.onBrand}
              icon={<Bug20Regular />}
              aria-pressed={logShown}
              onClick={() => props.onLog(!logShown)}
            />
          </Tooltip>
          <Tooltip relationship="label" content={dark ? "Switch to light" : "Switch to dark"}>
            <Button
              appearance="transparent"
              className={styles.onBrand}
              icon={dark ? <WeatherSunny20Regular /> : <WeatherMoon20Regular />}
              onClick={() => props.onDark(!dark)}
            />
          </Tooltip>
        </>
      )}
      <MailboxSwitcher {...props} />
    </header>
  );
}

const groups: { kind: Person["kind"]; header: string }[] = [
  { kind: "shared", header: "Shared mailbox" },
  { kind: "agent", header: "The team" },
  { kind: "customer", header: "Customers" },
  { kind: "outsider", header: "An outsider" },
];

function MailboxSwitcher(props: Parameters<typeof AppBar>[0]) {
  const { start, place, goTo, narrow, dark, bridge, logShown } = props;
  const styles = useStyles();
  const places = placesOf(start.people);
  const { mailbox, signedIn } = place;
  const acting = mailbox === signedIn ? mailbox.address : `${mailbox.address}, as ${signedIn.name.split(" ")[0]}`;

  return (
    <Menu
      checkedValues={{
        place: [addressOf(place)],
        options: [...(bridge ? ["bridge"] : []), ...(dark ? ["dark"] : []), ...(logShown ? ["log"] : [])],
      }}
      onCheckedValueChange={(_, { name, checkedItems }) => {
        if (name === "options") {
          if (checkedItems.includes("bridge") !== bridge) props.onBridge(!bridge);
          if (checkedItems.includes("dark") !== dark) props.onDark(!dark);
          if (checkedItems.includes("log") !== logShown) props.onLog(!logShown);
          return;
        }
        const chosen = places.find((each) => addressOf(each) === checkedItems[0]);
        if (chosen) goTo(chosen);
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="transparent"
          className={mergeClasses(styles.onBrand, styles.switcher)}
          aria-label={narrow ? `Mailbox: ${mailbox.name}, ${acting}` : undefined}
        >
          <span className={styles.account}>
            <Avatar name={mailbox.name} color="colorful" size={32} aria-hidden />
            {narrow ? null : (
              <span className={styles.accountText}>
                <span className={styles.unseen}>Mailbox:</span>
                <span>{mailbox.name}</span>
                <span className={styles.address}>{acting}</span>
              </span>
            )}
          </span>
        </Button>
      </MenuTrigger>
      <MenuPopover style={{ maxHeight: "85vh", overflowY: "auto", maxWidth: "min(440px, 96vw)" }}>
        <MenuList>
          {groups.map(({ kind, header }) => (
            <MenuGroup key={kind}>
              <MenuGroupHeader>{header}</MenuGroupHeader>
              {places
                .filter((each) => each.mailbox.kind === kind)
                .map((each) => (
                  <MenuItemRadio
                    key={addressOf(each)}
                    className={styles.item}
                    name="place"
                    value={addressOf(each)}
                    secondaryContent={each.mailbox.address}
                  >
                    {each.mailbox === each.signedIn
                      ? each.mailbox.name
                      : `${each.mailbox.name}, as ${each.signedIn.name.split(" ")[0]}`}
                  </MenuItemRadio>
                ))}
            </MenuGroup>
          ))}
          {narrow ? (
            <>
              <MenuDivider />
              <MenuItemCheckbox name="options" value="bridge">
                Sign-in bridge
              </MenuItemCheckbox>
              <MenuItemCheckbox name="options" value="dark">
                Dark
              </MenuItemCheckbox>
              <MenuItemCheckbox name="options" value="log">
                Host log
              </MenuItemCheckbox>
            </>
          ) : null}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
