/*
 * The part of MicrosoftAjax.js that Outlook's Office.js needs. Real Office.js fetches the file from
 * ajax.aspnetcdn.com when it is not there yet; the sandbox stays on this machine, so it brings its own.
 * Our code, written against what outlook-web-16.01.debug.js calls; nothing of Microsoft's file is in it.
 */
(() => {
  if (window.Type && window.Sys?.StringBuilder) return;

  window.Type = Function;
  Function.registerNamespace = (name) => {
    let at = window;
    for (const part of name.split(".")) {
      at[part] ??= {};
      at = at[part];
    }
  };
  Function.prototype.registerClass = function registerClass() {
    return this;
  };
  Function._validateParams = () => null;
  Function._validateParameter = () => null;

  window.Sys = {
    StringBuilder: class {},
    Debug: { trace() {} },
    Serialization: { JavaScriptSerializer: { serialize: JSON.stringify, deserialize: JSON.parse } },
    Browser: { InternetExplorer: {}, agent: {} },
  };

  Error.create = (message, info) => Object.assign(new Error(message), info);
  for (const kind of ["argument", "argumentNull", "argumentOutOfRange", "argumentType", "argumentUndefined"]) {
    Error[kind] = (param, message) => new Error(`${message ?? kind}: ${param}`);
  }
  Error.invalidOperation = (message) => new Error(message);
  Error.parameterCount = (message) => new Error(message ?? "Parameter count mismatch.");

  String.format = (format, ...values) => format.replace(/\{(\d+)\}/g, (_, index) => values[Number(index)] ?? "");
})();
