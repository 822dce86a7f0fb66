namespace StashAI.Visage.Api;

/// <summary>
/// The id that the gateway chooses for a person, so that a request that is sent twice enrols once: the second one gets the person of the
/// first.
/// </summary>
internal static class EnrolmentId
{
    public const string Header = "X-StashAI-Person";

    public static Guid? Of(HttpRequest request) => Guid.TryParse(request.Headers[Header], out var id) ? id : null;
}
