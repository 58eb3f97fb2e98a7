-- A store's associates are staff, too: the till is open to them, and nothing of the desk.
alter table identity.organization_member drop constraint organization_member_roles_check;
alter table identity.organization_member add constraint organization_member_roles_check check (
  cardinality(roles) > 0 and roles <@ array['admin', 'merchant', 'operations', 'service', 'associate']
);
alter table identity.invitation drop constraint invitation_roles_check;
alter table identity.invitation add constraint invitation_roles_check check (
  cardinality(roles) > 0 and roles <@ array['admin', 'merchant', 'operations', 'service', 'associate']
);
