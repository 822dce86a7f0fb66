namespace StashAI.Sdk;

/// <summary>
/// Removes one subject, such as a person, from what is stored of an operation: from results and what their calls computed, and from the
/// inputs, configurations and aggregates that name the subject. All functions must be pure, and repeating one must change nothing more.
/// Whatever does not concern the subject stays byte for byte.
/// </summary>
public interface IResultErasure
{
    /// <summary>Removes the subject from a result and from what its call computed; null when neither concerns the subject.</summary>
    /// <param name="subject">Whom to remove.</param>
    /// <param name="output">The result, UTF-8 JSON.</param>
    /// <param name="derived">What the call computed, in the adapter's own form; may be empty.</param>
    ErasedResult? Erase(ErasedSubject subject, ReadOnlyMemory<byte> output, ReadOnlyMemory<byte> derived);

    /// <summary>
    /// Removes the subject from the input of a task or the configuration of a job; null when it does not name the subject.
    /// </summary>
    /// <param name="subject">Whom to remove.</param>
    /// <param name="input">UTF-8 JSON; may be empty.</param>
    ReadOnlyMemory<byte>? EraseInput(ErasedSubject subject, ReadOnlyMemory<byte> input);

    /// <summary>Removes the subject from an aggregate of <see cref="IResultFold"/>; null when it does not name the subject.</summary>
    /// <param name="subject">Whom to remove.</param>
    /// <param name="aggregate">The aggregate, UTF-8 JSON.</param>
    ReadOnlyMemory<byte>? EraseAggregate(ErasedSubject subject, ReadOnlyMemory<byte> aggregate);
}

/// <summary>A subject that is removed from everything that is stored.</summary>
/// <param name="Ids">Its ids in the service: its own first, then those of subjects that were merged into it.</param>
/// <param name="Names">The names that it has or had.</param>
public sealed record ErasedSubject(IReadOnlyList<string> Ids, IReadOnlyList<string> Names);

/// <summary>A result without a subject.</summary>
/// <param name="Output">The result, UTF-8 JSON.</param>
/// <param name="Derived">What the call computed, without the subject; empty to remove it.</param>
public readonly record struct ErasedResult(ReadOnlyMemory<byte> Output, ReadOnlyMemory<byte> Derived);
