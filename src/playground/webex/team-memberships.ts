import { ApiError, badRequest, forbidden, notFound } from "./api-error";
import type { Fields } from "./fields";
import { readPerson } from "./people";
import type { Person, TeamMembership } from "./records";
import { joinTeam, leaveTeam } from "./team-membership-changes";
import { requireModerator, requireTeam } from "./teams";
import type { Webex } from "./webex";

/** The members of one of the caller's teams. */
export function listTeamMemberships(webex: Webex, caller: Person, query: Fields): TeamMembership[] {
  const { team } = requireTeam(webex, caller, query.string("teamId"));
  return webex.store.teamMembersOf(team.id);
}

/** One membership of a team that the caller is in. */
export function getTeamMembership(webex: Webex, caller: Person, membershipId: string): TeamMembership {
  const membership = webex.store.teamMemberships.get(membershipId);
  if (membership === undefined) throw notFound();
  requireTeam(webex, caller, membership.teamId);
  return membership;
}

/** Adds somebody to a team and its General room; for moderators. @throws ApiError 409 when they are in it already. */
export function createTeamMembership(webex: Webex, caller: Person, fields: Fields): TeamMembership {
  const { team } = requireModerator(webex, caller, fields.string("teamId"));
  const isModerator = fields.optionalBoolean("isModerator") ?? false;
  const person = readPerson(webex, fields, "personId", "personEmail");
  if (person === undefined) throw badRequest("Either 'personId' or 'personEmail' is required.");
  if (webex.store.teamMembership(team.id, person.id) !== undefined)
    throw new ApiError(409, "The person is already a member of the team.");
  return joinTeam(webex, team, person, { actorId: caller.id, isModerator });
}

/** Makes somebody a moderator of the team, or no longer; for moderators. */
export function updateTeamMembership(
  webex: Webex,
  caller: Person,
  membershipId: string,
  fields: Fields,
): TeamMembership {
  const membership = getTeamMembership(webex, caller, membershipId);
  requireModerator(webex, caller, membership.teamId);
  const isModerator = fields.optionalBoolean("isModerator");
  if (isModerator === undefined) throw badRequest("'isModerator' is required.");
  if (!isModerator) refuseLastModerator(webex, membership);
  membership.isModerator = isModerator;
  return membership;
}

/** Removes somebody from a team and its rooms; one's own membership is leaving it. */
export function deleteTeamMembership(webex: Webex, caller: Person, membershipId: string): void {
  const membership = getTeamMembership(webex, caller, membershipId);
  if (membership.personId !== caller.id) requireModerator(webex, caller, membership.teamId);
  refuseLastModerator(webex, membership);
  leaveTeam(webex, membership, caller.id);
}

function refuseLastModerator(webex: Webex, membership: TeamMembership): void {
  const others = webex.store.teamMembersOf(membership.teamId).filter((one) => one.id !== membership.id);
  if (membership.isModerator && !others.some((one) => one.isModerator))
    throw forbidden("The last moderator of a team stays; make somebody else a moderator first.");
}
