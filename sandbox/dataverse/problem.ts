/** An answer that Dataverse gives instead of the wanted one (webapi/compose-http-requests-handle-errors: code and message). */
export class DataverseProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export const badRequest = (message: string, code = "0x80060888") => new DataverseProblem(400, code, message);

export const notThere = (entity: string, id: string) =>
  new DataverseProblem(404, "0x80040217", `${entity} With Id = ${id} Does Not Exist`);

/** perform-conditional-operations-using-web-api. */
export const alreadyThere = () =>
  new DataverseProblem(412, "0x80040237", "A record with matching key values already exists.");
export const otherVersion = () =>
  new DataverseProblem(
    412,
    "0x80060882",
    "The version of the existing record doesn't match the RowVersion property provided.",
  );

/** The change tracking's own: the reader has to start again (use-change-tracking-synchronize-data-external-systems). */
export const expiredToken = () =>
  new DataverseProblem(
    400,
    "0x80044352",
    "Version stamp associated with the client has expired. Please perform a full sync.",
  );

/** What a fault of the script looks like here (api-limits: number of requests; others as a gateway answers). */
export function faultBody(status: number) {
  if (status === 429)
    return problemBody(
      new DataverseProblem(
        429,
        "0x80072322",
        "Number of requests exceeded the limit of 6000 over time window of 300 seconds.",
      ),
    );
  if (status === 401) return "";
  if (status === 403)
    return problemBody(new DataverseProblem(403, "0x80040220", "Principal user is missing prvReadContact privilege."));
  return problemBody(new DataverseProblem(status, "", "The request failed, as the fault script wanted."));
}

export const problemBody = ({ code, message }: DataverseProblem) => ({ error: { code, message } });
