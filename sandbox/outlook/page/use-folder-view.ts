import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { GraphMailbox } from "../graph/client.ts";
import { followFolder } from "../graph/follow.ts";

/** The list of a folder, which follows the folder for as long as it is on screen. */
export function useFolderView(mailbox: GraphMailbox, folderId: string) {
  const folder = useMemo(() => followFolder(mailbox, folderId), [mailbox, folderId]);
  useEffect(() => {
    folder.start();
    return folder.stop;
  }, [folder]);
  const view = useSyncExternalStore(folder.subscribe, folder.view);
  return { folder, view };
}
