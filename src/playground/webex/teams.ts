import { randomUUID } from "node:crypto";
import { forbidden, notFound } from "./api-error";
import type { Fields } from "./fields";
import type { Person, Room, Team, TeamMembership } from "./records";
import { addGroupRoom, endRoom } from "./rooms";
import { joinTeam } from "./team-membership-changes";
import { newId, timestamp, type Webex } from "./webex";

/** The teams that the caller is in. */
export function listTeams(webex: Webex, caller: Person): Team[] {
  return [...webex.store.teams.values()].filter((team) => webex.store.teamMembership(team.id, caller.id));
}

/** One team, and the caller's membership in it. @throws ApiError 404 for outsiders too. */
export function requireTeam(
  webex: Webex,
  caller: Person,
  teamId: string,
): { team: Team; own: TeamMembership } {
  const team = webex.store.teams.get(teamId);
  const own = webex.store.teamMembership(teamId, caller.id);
  if (team === undefined || own === undefined) throw notFound();
  return { team, own };
}

/** A team, its General room, and the caller as the moderator of both. */
export function createTeam(webex: Webex, caller: Person, fields: Fields): Team {
  const name = fields.string("name");
  const description = fields.optionalString("description");
  const uuid = randomUUID();
  const team: Team = {
    id: newId(webex, "TEAM", uuid),
    name,
    ...(description === undefined ? {} : { description }),
    created: timestamp(webex),
  };
  webex.store.teams.set(team.id, team);
  addGroupRoom(webex, caller, { id: newId(webex, "ROOM", uuid), title: name, teamId: team.id });
  joinTeam(webex, team, caller, { actorId: caller.id, isModerator: true });
  return team;
}

/** Renames a team or describes it anew; for its moderators. */
export function updateTeam(webex: Webex, caller: Person, teamId: string, fields: Fields): Team {
  const { team } = requireModerator(webex, caller, teamId);
  const name = fields.string("name");
  const description = fields.optionalString("description");
  team.name = name;
  if (description !== undefined) team.description = description;
  return team;
}

/** Ends a team with all its rooms; for its moderators. */
export function deleteTeam(webex: Webex, caller: Person, teamId: string): void {
  const { team } = requireModerator(webex, caller, teamId);
  for (const membership of webex.store.teamMembersOf(team.id)) webex.store.removeTeamMembership(membership);
  const rooms: Room[] = [...webex.store.rooms.values()].filter((room) => room.teamId === team.id);
  for (const room of rooms) endRoom(webex, room, caller.id);
  webex.store.teams.delete(team.id);
}

/** @throws ApiError 403 for members who do not moderate. */
export function requireModerator(
  webex: Webex,
  caller: Person,
  teamId: string,
): { team: Team; own: TeamMembership } {
  const found = requireTeam(webex, caller, teamId);
  if (!found.own.isModerator) throw forbidden("Only a moderator of the team may do this.");
  return found;
}
