import { keyOf } from "./ids";
import { join, leave } from "./membership-changes";
import type { Person, Team, TeamMembership } from "./records";
import { newId, timestamp, type Webex } from "./webex";

/** Puts a person into a team and into its General room, which shares the team's UUID. */
export function joinTeam(
  webex: Webex,
  team: Team,
  person: Person,
  how: { actorId: string; isModerator: boolean },
): TeamMembership {
  const membership: TeamMembership = {
    id: newId(webex, "TEAM_MEMBERSHIP", `${keyOf(person.id)}:${keyOf(team.id)}`),
    teamId: team.id,
    personId: person.id,
    personEmail: person.emails[0] ?? "",
    personDisplayName: person.displayName,
    personOrgId: person.orgId,
    isModerator: how.isModerator,
    created: timestamp(webex),
  };
  webex.store.addTeamMembership(membership);
  const general = webex.store.rooms.get(newId(webex, "ROOM", keyOf(team.id)));
  if (general !== undefined && webex.store.membership(general.id, person.id) === undefined)
    join(webex, general, person, how);
  return membership;
}

/** Takes a person out of a team and out of every room of it. */
export function leaveTeam(webex: Webex, membership: TeamMembership, actorId: string): void {
  webex.store.removeTeamMembership(membership);
  for (const inRoom of webex.store.membershipsOf(membership.personId))
    if (webex.store.rooms.get(inRoom.roomId)?.teamId === membership.teamId) leave(webex, inRoom, actorId);
}
