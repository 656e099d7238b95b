import { type Theme, webDarkTheme, webLightTheme } from "@fluentui/react-components";
import { useEffect, useSyncExternalStore } from "react";
import { isDark, onThemeChanged } from "../outlook/outlook.ts";

/** Outlook's theme in Fluent's tokens. In high contrast the browser puts the system's colours in place of both. */
export function useTheme(inOutlook: boolean): Theme {
  const dark = useSyncExternalStore(inOutlook ? onThemeChanged : onSchemeChanged, inOutlook ? isDark : prefersDark);
  const name = dark ? "dark" : "light";
  useEffect(() => {
    document.documentElement.dataset.theme = name;
    document.documentElement.style.colorScheme = name;
  }, [name]);
  return themes[name];
}

const themes = { light: webLightTheme, dark: webDarkTheme };

const scheme = () => matchMedia("(prefers-color-scheme: dark)");
const prefersDark = () => scheme().matches;

function onSchemeChanged(listener: () => void) {
  const query = scheme();
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}
