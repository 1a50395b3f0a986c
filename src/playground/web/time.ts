const hours = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const seconds = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const days = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** `10:31`, as people write it here. */
export function clock(date: Date): string {
  return hours.format(date);
}

/** `16:31:07`. */
export function exactClock(date: Date): string {
  return seconds.format(date);
}

/** Day and time to the second. A formatter that is made once: a thousand messages would feel one each. */
export function exactMoment(date: Date): string {
  return exact.format(date);
}

/** The time, and the day when it was another one. */
export function moment(date: Date): string {
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? clock(date) : `${days.format(date)}, ${clock(date)}`;
}
