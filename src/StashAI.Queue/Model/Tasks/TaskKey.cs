using System.Buffers.Binary;

namespace StashAI.Queue.Model.Tasks;

/// <summary>
/// Internal keys and public ids of tasks. The internal key is <c>job key * 2^24 + ordinal</c>. The public id is the job's UUIDv7 with
/// <c>ordinal + 1</c> in the low 24 bits, which are zero in job ids. So an id identifies the job and the position in it, and no index
/// of task UUIDs is needed (docs/adr/0002).
/// </summary>
public static class TaskKey
{
    /// <summary>The number of low bits that hold the ordinal.</summary>
    public const int OrdinalBits = 24;

    /// <summary>The most tasks that one job can have.</summary>
    public const int MaxTasksPerJob = (1 << OrdinalBits) - 1;

    /// <summary>An ordinal that no task has. It identifies the binary parts that all tasks of a job share.</summary>
    public const int JobParts = MaxTasksPerJob;

    private const int OrdinalMask = (1 << OrdinalBits) - 1;

    public static long From(long jobKey, int ordinal) => (jobKey << OrdinalBits) + ordinal;

    /// <summary>The job's internal key.</summary>
    public static long JobOf(long taskKey) => taskKey >> OrdinalBits;

    /// <summary>The task's position in its job, from 0.</summary>
    public static int OrdinalOf(long taskKey) => (int)(taskKey & OrdinalMask);

    /// <summary>Creates a job id: a UUIDv7 whose low 24 bits are zero.</summary>
    public static Guid NewJobId(DateTimeOffset now) => WithLowBits(Guid.CreateVersion7(now), 0);

    public static Guid TaskId(Guid jobId, int ordinal) => WithLowBits(jobId, ordinal + 1);

    /// <summary>Splits a public id; the ordinal is null for the id of a job.</summary>
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
