import type { ActionTable, CallContext } from '../../actions.ts';
import type { View } from '../../ledger.ts';
import { type Form, requiredTextOf, textOf } from '../../protocol/form.ts';
import { membersOf, wholeSecondsOf, type XmlElement } from '../../protocol/xml.ts';
import { checkModifiable, iamOf, principalIn, principalsOf } from '../context.ts';
import { deleteConflict, instanceProfileExists, noSuchEntity, quotaExceeded } from '../errors.ts';
import { iamArn } from '../names.ts';
import { pageOf } from '../paging.ts';
import { principalXml } from './principals.ts';
import type { InstanceProfile, Principal } from '../records.ts';
import type { IamState } from '../state.ts';
import { tagsIn, tagsXml } from '../tags.ts';

const paging = ['Marker', 'MaxItems'];
const both = ['InstanceProfileName', 'RoleName'];

/** Profiles hold one role at most. Nothing here uses them, but tools that manage roles do. */
export const instanceProfileActions: ActionTable = {
  CreateInstanceProfile: {
    readOnly: false,
    required: ['InstanceProfileName'],
    optional: ['Path', 'Tags'],
    run: createProfile,
  },
  GetInstanceProfile: { readOnly: true, required: ['InstanceProfileName'], run: getProfile },
  DeleteInstanceProfile: { readOnly: false, required: ['InstanceProfileName'], run: deleteProfile },
  AddRoleToInstanceProfile: { readOnly: false, required: both, run: addRole },
  RemoveRoleFromInstanceProfile: { readOnly: false, required: both, run: removeRole },
  ListInstanceProfiles: {
    readOnly: true,
    optional: ['PathPrefix', ...paging],
    run: listProfiles,
  },
  ListInstanceProfilesForRole: {
    readOnly: true,
    required: ['RoleName'],
    optional: paging,
    run: listProfilesOfRole,
  },
};

function createProfile(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const name = requiredTextOf(form, 'InstanceProfileName');
  const path = textOf(form, 'Path') ?? '/';
  if (iam.instanceProfiles.get(keyOf(name)) !== undefined) throw instanceProfileExists(name);
  const profile: InstanceProfile = {
    id: iam.ids.unique('AIPA'),
    arn: iamArn(iam, 'instance-profile', path, name),
    name,
    path,
    roleNames: [],
    createdAtMs: iam.ledger.now(),
    tags: tagsIn(form),
  };
  iam.instanceProfiles.put(keyOf(name), profile);
  return { InstanceProfile: wholeProfileXml(iam, profile, context.view) };
}

function getProfile(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const profile = profileIn(iam, form, context.view);
  return { InstanceProfile: wholeProfileXml(iam, profile, context.view) };
}

function deleteProfile(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const profile = profileIn(iam, form, context.view);
  if (profile.roleNames.length > 0) throw stillHolds();
  iam.instanceProfiles.delete(keyOf(profile.name));
  return {};
}

/** Throws when a role cannot be deleted since a profile holds it. */
export function checkInNoProfile(iam: IamState, roleName: string): void {
  const holds = ({ roleNames }: InstanceProfile): boolean => roleNames.includes(roleName);
  if (iam.instanceProfiles.list().some(holds)) throw stillHolds();
}

function stillHolds(): Error {
  return deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
}

function addRole(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const profile = profileIn(iam, form, context.view);
  const role = principalIn(iam, 'role', form, context.view);
  checkModifiable(role);
  if (profile.roleNames.length > 0) throw quotaExceeded('InstanceSessionsPerInstanceProfile', 1);
  iam.instanceProfiles.change(keyOf(profile.name), { roleNames: [role.name] });
  return {};
}

function removeRole(context: CallContext, form: Form): XmlElement {
  const iam = iamOf(context);
  const profile = profileIn(iam, form, context.view);
  const role = principalIn(iam, 'role', form, context.view);
  if (!profile.roleNames.includes(role.name)) {
    throw noSuchEntity(`Role ${role.name} in instance profile ${profile.name} cannot be found.`);
  }
  iam.instanceProfiles.change(keyOf(profile.name), { roleNames: [] });
  return {};
}

function listProfiles(context: CallContext, form: Form): XmlElement {
  const prefix = textOf(form, 'PathPrefix') ?? '/';
  return listXml(context, form, ({ path }) => path.startsWith(prefix));
}

function listProfilesOfRole(context: CallContext, form: Form): XmlElement {
  const { name } = principalIn(iamOf(context), 'role', form, context.view);
  return listXml(context, form, ({ roleNames }) => roleNames.includes(name));
}

function listXml(
  context: CallContext,
  form: Form,
  isWanted: (profile: InstanceProfile) => boolean,
): XmlElement {
  const iam = iamOf(context);
  const profiles = iam.instanceProfiles.list(context.view).filter(isWanted);
  const { rows, rest } = pageOf(iam, profiles, form);
  const members = rows.map((profile) => profileXml(iam, profile, context.view));
  return { InstanceProfiles: membersOf(members), ...rest };
}

/** The profiles that hold a role. */
export function profilesOf(iam: IamState, role: Principal, view: View): XmlElement[] {
  return iam.instanceProfiles
    .list(view)
    .filter(({ roleNames }) => roleNames.includes(role.name))
    .map((profile) => profileXml(iam, profile, view));
}

function profileIn(iam: IamState, form: Form, view: View): InstanceProfile {
  const name = requiredTextOf(form, 'InstanceProfileName');
  const profile = iam.instanceProfiles.get(keyOf(name), view);
  if (profile !== undefined) return profile;
  throw noSuchEntity(`Instance Profile ${name} cannot be found.`);
}

/** Names do not differ by case alone. */
function keyOf(name: string): string {
  return name.toLowerCase();
}

function profileXml(iam: IamState, profile: InstanceProfile, view: View): XmlElement {
  const roles = principalsOf(iam, view, 'role').filter(({ name }) =>
    profile.roleNames.includes(name),
  );
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profile.arn,
    CreateDate: wholeSecondsOf(profile.createdAtMs),
    Roles: membersOf(roles.map(principalXml)),
  };
}

function wholeProfileXml(iam: IamState, profile: InstanceProfile, view: View): XmlElement {
  return { ...profileXml(iam, profile, view), Tags: tagsXml(profile.tags) };
}
