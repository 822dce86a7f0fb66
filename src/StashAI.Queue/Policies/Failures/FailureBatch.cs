using StashAI.Sdk;

namespace StashAI.Queue.Policies.Failures;

/// <summary>
/// The failures of one batch of outcomes: when a service is down, hundreds have the same message, which is looked at once.
/// </summary>
public sealed class FailureBatch
{
    private readonly Dictionary<(ErrorKind, int?, string?), Failure> known = [];

    public Failure Of(ErrorKind kind, int? httpStatus, string? message)
    {
        if (!known.TryGetValue((kind, httpStatus, message), out var failure))
            known.Add((kind, httpStatus, message), failure = Failure.Of(kind, httpStatus, message));
        return failure;
    }
}
