/** What no file name needs: controls, invisible and direction-changing characters (Unicode Cc, Cf, Zl, Zp, surrogates). */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A file's name as it is shown: data, never a path. All changes are made before the last check, so none undoes it. */
export function cleanName(given: string) {
  const last = given.normalize("NFC").replace(invisible, "").split(/[/\\]/).at(-1) ?? "";
  const plain = last.replace(/[<>:"|?*]/g, "_").replace(/^[\s.]+|[\s.]+$/g, "");
  return shortened(plain) || "file";
}

/** 200 characters, keeping the ending that says what it is. */
function shortened(name: string) {
  const letters = [...name];
  if (letters.length <= 200) return name;
  const ending = /\.[^.\s]{1,10}$/.exec(name)?.[0] ?? "";
  return `${letters
    .slice(0, 200 - ending.length)
    .join("")
    .trimEnd()}${ending}`;
}

/** RFC 6266: a plain name for old programs, the exact one for all others. */
export function disposition(kind: "attachment" | "inline", name: string) {
  const clean = cleanName(name);
  const plain = clean.replace(/[^\x20-\x7e]/g, "_").replace(/["\\%]/g, "_");
  const exact = encodeURIComponent(clean).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${exact}`;
}
