-- Indexes that make searching quick, run after the migrations. They are not in the schema, because it cannot say them and
-- because pg_trgm is an extension that not every PostgreSQL offers: without it the same is found, more slowly.
-- pg_trgm is trusted: the owner of a database may create it (https://www.postgresql.org/docs/current/pgtrgm.html).
create index if not exists contacts_name_for_search on contacts (lower(name) text_pattern_ops, id);
create index if not exists organizations_name_for_search on organizations (lower(name))
  where not personal and merged_into_id is null;
create index if not exists contact_addresses_address_for_search on contact_addresses (address text_pattern_ops);

do $$
begin
  if not exists (select from pg_available_extensions where name = 'pg_trgm') then return; end if;
  create extension if not exists pg_trgm;
  create index if not exists contacts_letters_for_search on contacts using gin (name gin_trgm_ops);
  create index if not exists contact_addresses_letters_for_search on contact_addresses using gin (address gin_trgm_ops);
  create index if not exists organizations_letters_for_search on organizations using gin (name gin_trgm_ops);
  create index if not exists tickets_letters_for_search on tickets using gin (subject gin_trgm_ops);
exception
  -- Some providers let only an administrator, or nobody, create it.
  when insufficient_privilege or feature_not_supported then null;
end $$;
