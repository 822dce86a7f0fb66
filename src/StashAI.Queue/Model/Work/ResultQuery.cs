namespace StashAI.Queue.Model.Work;

/// <summary>A running task's question for a result that is known, or that another task computes.</summary>
/// <param name="Key">What the result depends on: a SHA-256.</param>
/// <param name="TaskKey">The task that asks.</param>
/// <param name="Fence">Its claim.</param>
public sealed record ResultQuery(ReadOnlyMemory<byte> Key, long TaskKey, int Fence)
{
    /// <summary>Only results of this job and later ones count; 0 for all.</summary>
    public long OldestJob { get; init; }

    /// <summary>True when results may name a subject: while one is erased, no earlier result counts (docs/adr/0025).</summary>
    public bool MayNameSubjects { get; init; }
}

/// <summary>A result that another task has computed.</summary>
/// <param name="Output">The answer, UTF-8 JSON.</param>
/// <param name="Derived">What its call computed; may be empty.</param>
/// <param name="HttpStatus">The status of the answer; may be null.</param>
public sealed record KnownResult(ReadOnlyMemory<byte> Output, ReadOnlyMemory<byte> Derived, int? HttpStatus);

/// <summary>What a task is to do that has asked for a result.</summary>
/// <param name="Known">The result; null for none.</param>
/// <param name="Computes">True when it computes the result now; with neither, it waits for another task.</param>
public readonly record struct ResultAnswer(KnownResult? Known, bool Computes);

/// <summary>A part of a task's input, by its content.</summary>
/// <param name="Slot">Which part of the input it is.</param>
/// <param name="DataUrlPrefix">The data-URL prefix that the client sent; may be null.</param>
/// <param name="Sha256">The SHA-256 of its bytes.</param>
public readonly record struct PayloadDigest(string Slot, string? DataUrlPrefix, byte[] Sha256);
