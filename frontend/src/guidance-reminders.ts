/** One entry of a calendar. Days as ISO dates; `at` as HH:MM of the reader's own clock. */
export interface Reminder {
  uid: string;
  title: string;
  text: string;
  url: string;
  day: string;
  at?: string;
  everyDays?: number; // how many days in a row
}

const bare = (iso: string) => iso.replaceAll("-", "");
const escaped = (said: string) =>
  said.replace(/\\/g, "\\\\").replace(/[;,]/g, "\\$&").replace(/\r?\n/g, "\\n");

/** A line of at most 75 octets, further ones begun with a space (RFC 5545, 3.1). */
export function folded(line: string): string {
  const encoder = new TextEncoder();
  const rows: string[] = [];
  let row = "";
  let size = 0;
  for (const letter of line) {
    const octets = encoder.encode(letter).length;
    if (size + octets > 75) {
      rows.push(row);
      row = " ";
      size = 1;
    }
    row += letter;
    size += octets;
  }
  return [...rows, row].join("\r\n");
}

function nextDay(iso: string): string {
  const day = new Date(`${iso}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}

/** The calendar file (RFC 5545); times float, so that nine o'clock is the reader's nine. */
export function calendar(reminders: Reminder[], name: string, now = new Date()): string {
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tongxin//Guidance//EN", `X-WR-CALNAME:${escaped(name)}`];
  for (const one of reminders) {
    const when = one.at
      ? [`DTSTART:${bare(one.day)}T${one.at.replace(":", "")}00`, "DURATION:PT10M"]
      : [`DTSTART;VALUE=DATE:${bare(one.day)}`, `DTEND;VALUE=DATE:${bare(nextDay(one.day))}`];
    const repeat = one.everyDays ? [`RRULE:FREQ=DAILY;COUNT=${one.everyDays}`] : [];
    lines.push(
      "BEGIN:VEVENT",
      `UID:${one.uid}@tongxin`,
      `DTSTAMP:${stamp}`,
      ...when,
      ...repeat,
      `SUMMARY:${escaped(one.title)}`,
      `DESCRIPTION:${escaped(one.text)}`,
      `URL:${one.url}`,
      "TRANSP:TRANSPARENT",
      "BEGIN:VALARM",
      "ACTION:DISPLAY",
      `DESCRIPTION:${escaped(one.title)}`,
      `TRIGGER:${one.at ? "PT0S" : "PT9H"}`,
      "END:VALARM",
      "END:VEVENT",
    );
  }
  return [...lines, "END:VCALENDAR", ""].map(folded).join("\r\n");
}
