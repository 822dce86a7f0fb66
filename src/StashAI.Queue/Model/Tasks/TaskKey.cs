using System.Buffers.Binary;

namespace StashAI.Queue.Model.Tasks;

/// <summary>
/// Task ids, inside and outside. Inside, a task is `job key * 2^24 + ordinal`. Outside, its UUID is the job's UUIDv7 with
/// `ordinal + 1` in the low 24 bits, which job ids keep at zero: the id names the job and the place in it, and no index of
/// task UUIDs is needed (docs/adr/0002).
/// </summary>
public static class TaskKey
{
    /// <summary>How many low bits hold the ordinal.</summary>
    public const int OrdinalBits = 24;

    /// <summary>The most tasks that one job can have.</summary>
    public const int MaxTasksPerJob = (1 << OrdinalBits) - 1;

    /// <summary>No task's ordinal: under it a job keeps the binary parts that all of its tasks share.</summary>
    public const int JobParts = MaxTasksPerJob;

    private const int OrdinalMask = (1 << OrdinalBits) - 1;

    /// <summary>The internal key of a task.</summary>
    public static long From(long jobKey, int ordinal) => (jobKey << OrdinalBits) + ordinal;

    /// <summary>The job of an internal task key.</summary>
    public static long JobOf(long taskKey) => taskKey >> OrdinalBits;

    /// <summary>The place of an internal task key in its job.</summary>
    public static int OrdinalOf(long taskKey) => (int)(taskKey & OrdinalMask);

    /// <summary>A new job id: a UUIDv7 whose low 24 bits are zero.</summary>
    public static Guid NewJobId(DateTimeOffset now) => WithLowBits(Guid.CreateVersion7(now), 0);

    /// <summary>The public id of a job's task.</summary>
    public static Guid TaskId(Guid jobId, int ordinal) => WithLowBits(jobId, ordinal + 1);

    /// <summary>Splits a public id. `ordinal` is null for a job's own id.</summary>
    public static (Guid JobId, int? Ordinal) Parse(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var low = BinaryPrimitives.ReadInt32BigEndian(bytes[12..]) & OrdinalMask;
        return (WithLowBits(id, 0), low == 0 ? null : low - 1);
    }

    private static Guid WithLowBits(Guid id, int low)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var tail = BinaryPrimitives.ReadInt32BigEndian(bytes[12..]);
        BinaryPrimitives.WriteInt32BigEndian(bytes[12..], (tail & ~OrdinalMask) | low);
        return new Guid(bytes, bigEndian: true);
    }
}
