import { canonicalAddress, canonicalDomain } from "../../platform/mail-address.ts";
import { isFreeMail } from "../mail/matching/addresses.ts";
import type { CrmChange, CrmContact, CrmOrganization } from "./source.ts";

/** Addresses and domains as we write them everywhere; what is none is left out, with a sentence. */
export function clean(change: CrmChange): CrmChange {
  if (!("record" in change)) return change;
  const doubts = [...(change.doubts ?? [])];
  const { record } = change;
  return {
    ...change,
    record: record.kind === "contact" ? cleanContact(record, doubts) : cleanCompany(record, doubts),
    doubts,
  };
}

/** RFC 5321, 4.5.3.1.3. */
export const longestAddress = 254;

function cleanContact(record: CrmContact, doubts: string[]): CrmContact {
  const addresses = record.addresses.flatMap((written) => {
    const address = canonicalAddress(written);
    if (address && address.length <= longestAddress) return address;
    doubts.push(`“${written}” is no e-mail address, and is left out. Correct it there.`);
    return [];
  });
  return { ...record, addresses: [...new Set(addresses)] };
}

function cleanCompany(record: CrmOrganization, doubts: string[]): CrmOrganization {
  if (!record.domains) return record;
  const domains = record.domains.flatMap((written) => {
    const domain = canonicalDomain(written);
    if (domain?.includes(".") && !isFreeMail(domain)) return domain;
    doubts.push(
      domain && isFreeMail(domain)
        ? `Anybody can have an address at ${domain}: it says nothing about ${record.name} and is left out.`
        : `“${written}” is no domain, and is left out. Write it like example.com.`,
    );
    return [];
  });
  return { ...record, domains: [...new Set(domains)] };
}
