import { type Theme, teamsHighContrastTheme, webDarkTheme, webLightTheme } from "@fluentui/react-components";
import { useEffect, useSyncExternalStore } from "react";
import { isDark, onThemeChanged } from "../outlook/outlook.ts";

/** Outlook's theme in Fluent's tokens; the system's high contrast wins over both. */
export function useTheme(inOutlook: boolean): Theme {
  const dark = useSyncExternalStore(inOutlook ? onThemeChanged : onSchemeChanged, inOutlook ? isDark : prefersDark);
  const forced = useSyncExternalStore(onForcedChanged, () => forcedColors().matches);
  const name = forced ? "contrast" : dark ? "dark" : "light";
  useEffect(() => {
    document.documentElement.dataset.theme = name;
    document.documentElement.style.colorScheme = name === "light" ? "light" : "dark";
  }, [name]);
  return themes[name];
}

const themes = { light: webLightTheme, dark: webDarkTheme, contrast: teamsHighContrastTheme };

const forcedColors = () => matchMedia("(forced-colors: active)");
const scheme = () => matchMedia("(prefers-color-scheme: dark)");
const prefersDark = () => scheme().matches;

function onForcedChanged(listener: () => void) {
  const query = forcedColors();
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}

function onSchemeChanged(listener: () => void) {
  const query = scheme();
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}
