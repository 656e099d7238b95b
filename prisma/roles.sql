-- Two databases, three roles, and who may enter where. Run once by a superuser of the server:
--   psql -f prisma/roles.sql     then     alter role desk password '…';  (and publisher, portal)
-- With two servers (the portal's in another zone), run the lines of each database on its own server.

create role desk login;
create role publisher login;
create role portal login;

create database desk owner desk;
create database portal owner publisher;

-- By default everybody may connect to every database. Here nobody may, except:
revoke all on database desk from public;
revoke all on database portal from public;
grant connect, create, temporary on database desk to desk;
grant connect, create, temporary on database portal to publisher;
grant connect on database portal to portal;
