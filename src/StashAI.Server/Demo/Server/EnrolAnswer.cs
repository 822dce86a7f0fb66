using StashAI.Server.Demo.Job;

namespace StashAI.Server.Demo.Server;

/// <summary>What the demo reads of a person of the gallery.</summary>
internal sealed record EnrolAnswer(string Id, IReadOnlyList<EnrolledFace>? Enrolled)
{
    public FaceBox? Face => Enrolled is [{ Box: { } box }, ..] ? box : null;
}
