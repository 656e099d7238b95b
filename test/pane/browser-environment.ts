import { webcrypto } from "node:crypto";
import { TestEnvironment } from "jest-environment-jsdom";

/** jsdom, with what every browser has and jsdom has not. */
export default class BrowserEnvironment extends TestEnvironment {
  override async setup() {
    await super.setup();
    Object.assign(this.global, { Response, Headers, TextEncoder, TextDecoder });
    // MSAL signs and encrypts with it.
    Object.defineProperty(this.global, "crypto", { value: webcrypto });
  }
}
