/** An appointment in a mail. */
const en = {
  appointment: "Appointment",
  appointments: {
    REQUEST: "Invitation",
    CANCEL: "Called off",
    REPLY: "Answer to an invitation",
    COUNTER: "Another time is proposed",
  } as Record<string, string>,
  organizedBy: (name: string) => `Organized by ${name}`,
  appointmentAnswers: {
    ACCEPTED: "accepted",
    DECLINED: "declined",
    TENTATIVE: "accepted tentatively",
    DELEGATED: "sends somebody else",
    "NEEDS-ACTION": "has not answered",
  } as Record<string, string>,
};

const de: typeof en = {
  appointment: "Termin",
  appointments: {
    REQUEST: "Einladung",
    CANCEL: "Abgesagt",
    REPLY: "Antwort auf eine Einladung",
    COUNTER: "Ein anderer Zeitpunkt wird vorgeschlagen",
  },
  organizedBy: (name) => `Organisiert von ${name}`,
  appointmentAnswers: {
    ACCEPTED: "hat zugesagt",
    DECLINED: "hat abgesagt",
    TENTATIVE: "hat mit Vorbehalt zugesagt",
    DELEGATED: "schickt jemand anderen",
    "NEEDS-ACTION": "hat nicht geantwortet",
  },
};

export const appointmentText = { en, de };
