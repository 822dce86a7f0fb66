using StashAI.Server.Demo.Job;

namespace StashAI.Server.Demo.Photos;

/// <summary>A person of the gallery.</summary>
/// <param name="Name">What they are called.</param>
/// <param name="Photos">The photos they are known from, at least one.</param>
/// <param name="Face">Their face in the first photo; null when the service did not say.</param>
internal sealed record EnrolledPerson(string Name, IReadOnlyList<DemoPhoto> Photos, FaceBox? Face);
