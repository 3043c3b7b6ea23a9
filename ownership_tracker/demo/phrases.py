"""What people say whatever it is about; {gist} is what it is about."""

from handoffs.protocol import Reason

# Added to what is known when a ticket is offered: why to this person.
REASONS = {
    Reason.AUTHORITY: "It is above what I may decide.",
    Reason.SKILL: "It needs somebody who does this every day.",
    Reason.LANGUAGE: "They would rather speak {language}; we managed with short sentences.",
    Reason.CUSTOMER_ASKED: "They ask for {to} by name, from an earlier time.",
    Reason.CONFLICT_OF_INTEREST: "I know this customer privately, so I should not decide it.",
    Reason.ABSENCE: "I am off from tomorrow and could not keep what was promised.",
    Reason.WRONG_OWNER: "It reached me by mistake: this is for {team}.",
}
LANGUAGES = {"es": "Spanish", "fr": "French", "de": "German", "pl": "Polish"}

# The second and each further packet of a ticket.
AGAIN = (
    {
        "need": "Still {gist}. They have told it to {count} of us and do not want to begin again.",
        "next_action": "Decide about {gist} today and ring them before closing time.",
        "expectation": "One person who finishes it. I told them that {to} will call.",
        "history": "Came to me from {before}; I looked into it and cannot change anything on our side.",
    },
    {
        "need": "They want {gist} settled and an apology for being sent around.",
        "next_action": "Read the earlier packets first, then agree on a date with the customer.",
        "expectation": "They expect {to} to know everything already. Their patience is at an end.",
        "history": "{count} owners so far, {before} before me. The cause is understood, nobody had the means.",
    },
    {
        "need": "An end to {gist}, from somebody who is allowed to end it.",
        "next_action": "Do it in one go, without another stop, and write to them in the evening.",
        "expectation": "Nothing any more, they said. A solution would surprise them pleasantly.",
        "history": "Everything that can be tried without {to} has been tried, most recently by {before}.",
    },
)
AGAIN_READ_BACKS = (
    "I have the whole story, start on it now, and the caller hears my decision within the day.",
    "No more passing around: it ends with me. I apologise and fix a day with them.",
    "They need closure from one who can give it. I finish this myself and send a line tonight.",
)
CONTINGENCIES = (
    "If they call before that: connect them to my extension.",
    "If it cannot be done, say so the same day; they prefer a no to silence.",
)
CUSTOMERS_TOLD = (
    "They know that {to} takes over and why.",
    "I told them the name and that nothing has to be repeated.",
)
LIVE_READ_BACK = "I have them on the line: I look after {gist} from here and call back at the time we agreed."

CALLS = (
    "Told them how far we are with {gist} and what comes next.",
    "Explained what we found about {gist}. They thanked us for calling.",
    "Short call: things move, nothing to do on their side.",
    "Reached them at work; they are content with the date.",
)
PROMISES = (
    "I call again when there is news on {gist}, and at the latest then.",
    "By then I have an answer about {gist}.",
    "A call with the result, whatever it is.",
)
CHASES = (
    "Asks what has become of {gist}. Nobody had called.",
    "Calls again about {gist}, audibly annoyed.",
    "Wants to know who is in charge of {gist} now.",
)
ARRIVED = (
    "Sent what we had asked for.",
    "The answer that we were waiting for is here.",
)
RENEGOTIATED = (
    "Called before the time was up: we need until then. They agreed.",
    "Wrote them an honest mail about the delay; they answered “fine”.",
)
WITHDRAWN = (
    "They asked us not to call about it any more, an e-mail will do.",
    "Became pointless: the customer found the answer themselves.",
)
DECLINES = (
    "I am on the outage until the evening and could not start before tomorrow.",
    "This needs the other permission, which I do not have either.",
    "I have nine due today. It would only lie here.",
    "That is for whoever sold it, not for us.",
)
CLAIM_DECLINES = ("Kind of you, but I am about to finish it: the payment leaves today.",)
REFUSALS = ("Three people have had this. Please finish it where it is; I will get you the permission.",)
TAKE_OVERS = (
    "The customer asked for a manager and has waited long enough.",
    "Nobody took it twice, so I do.",
    "This has been through too many hands; it stays with me now.",
)
BULK_TAKE_OVER = "Ill since this morning; what is due today I do myself."
CORRECTIONS = (
    "Not quite: they do not want to be called, they want it in writing.",
    "Almost: what they mind most is the silence, so call even without news.",
)
REOPENINGS = (
    "The customer is back: it is about {gist} again.",
    "It was said to be settled. They see no sign of it.",
)
CLOSINGS = {
    "withdrawn": "The customer does not pursue {gist} any further.",
    "unreachable": "Tried six times in three days, by phone and by mail.",
    "not_a_complaint": "Wanted to know our opening hours in December.",
    "wrong_number": "Meant to reach the pharmacy next door.",
    "spam": "Offers to sell us search engine rankings.",
    "duplicate_of": "The same as the other one, sent by mail as well as told on the phone.",
}
FLAG_NOTES = {
    "bounced": "Talked with all of them: the last owner keeps it, no further offers.",
    "ping_pong": "Agreed that it stays here; the first offer was made in too much haste.",
    "hot_potato": "It was the day of the big outage. They have help now.",
    "refused": "Two teams were full. I found somebody with time.",
}
FALSE_ALARM = "The moves were agreed with the customer in advance, each for a good reason."
