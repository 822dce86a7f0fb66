namespace StashAI.Adapters.Http.Events;

/// <summary>What whole streams are on the routes of other APIs.</summary>
internal static class EventForms
{
    /// <summary><c>/v1/chat/completions</c>.</summary>
    public static EventForm Chat { get; } = new("data: [DONE]", true) { FromWhole = WholeAnswer.OfChat };

    /// <summary><c>/v1/completions</c>.</summary>
    public static EventForm Completions { get; } = new("data: [DONE]", true) { FromWhole = WholeAnswer.OfCompletion };

    /// <summary><c>/v1/responses</c>.</summary>
    public static EventForm Responses { get; } =
        new("an event response.completed, response.incomplete or response.failed", false, "response.completed", "response.incomplete");

    /// <summary><c>/v1/audio/transcriptions</c>; servers other than OpenAI's end it as a chat.</summary>
    public static EventForm Transcription { get; } =
        new("an event transcript.text.done or data: [DONE]", true, "transcript.text.done") { FromWhole = WholeAnswer.OfTranscription };

    /// <summary>Anthropic's <c>/v1/messages</c>.</summary>
    public static EventForm Messages { get; } = new("an event message_stop", false, "message_stop") { FromWhole = WholeAnswer.OfMessage };
}
