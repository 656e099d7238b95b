-- What the role `portal` may do in the portal's database; run by `publisher` (its owner) after every migration.
-- It reads what was published, adds what customers write, and keeps sign-ins. It can publish nothing.
revoke all on all tables in schema public from portal;
revoke create on schema public from public;
grant usage on schema public to portal;

grant select on organizations, customers, customer_addresses, published_tickets, ticket_access,
  published_entries, published_files, secure_links to portal;

grant select, insert on customer_acts, uploaded_files to portal;
grant select, insert on portal_mails to portal;
grant insert on portal_events to portal;
grant usage on sequence portal_events_event_id_seq to portal;

grant select, insert, update, delete on portal_accounts, portal_sessions, portal_credentials, portal_codes to portal;
grant select, insert, update, delete on portal_limits to portal;
