import { Button, MessageBar, MessageBarActions, MessageBarBody } from "@fluentui/react-components";
import { Component, type ReactNode, Suspense } from "react";
import { useText } from "../text/text.tsx";

/**
 * A part of the pane that is fetched when it is needed. If it does not come, because the connection is gone or the desk was
 * updated since the pane was opened, it alone is missing, and says so.
 */
export const Part = ({ waiting = null, children }: { waiting?: ReactNode; children: ReactNode }) => (
  <WhatCame>
    <Suspense fallback={waiting}>{children}</Suspense>
  </WhatCame>
);

class WhatCame extends Component<{ children: ReactNode }, { missing: boolean }> {
  override state = { missing: false };
  static getDerivedStateFromError = () => ({ missing: true });
  override render() {
    return this.state.missing ? <Missing /> : this.props.children;
  }
}

function Missing() {
  const text = useText();
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>{text.partMissing}</MessageBarBody>
      <MessageBarActions>
        <Button size="small" onClick={() => window.location.reload()}>
          {text.loadAgain}
        </Button>
      </MessageBarActions>
    </MessageBar>
  );
}
