using System.Buffers;
using System.Security.Cryptography;
using StashAI.Gateway.Access;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Model.Uploads;
using StashAI.Queue.Settings;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.OpenAi.Files;

/// <summary>
/// Receives a file. Its bytes are an upload until the whole form is known to be right, so what a broken connection leaves is removed as
/// uploads are.
/// </summary>
internal sealed class FileIntake(
    IBodyUploads uploads, IClientFiles files, SameBytes sameBytes, BodyReader bodies, IdempotencyKeys keys, IntakeLimits limits,
    QueueOptions options)
{
    /// <summary>What the lines of batches are kept for.</summary>
    public const string BatchPurpose = "batch";

    /// <summary>How long the lines of a batch are kept, as OpenAI does.</summary>
    private static readonly TimeSpan BatchLifetime = TimeSpan.FromDays(30);

    private static readonly string[] Purposes = ["assistants", BatchPurpose, "fine-tune", "vision", "user_data", "evals"];

    /// <summary>Bytes that are stored at once; the database stores multiples of its rows best.</summary>
    private const int Chunk = 2 * (PayloadReader.MaxPiece / 3 * 3);

    /// <summary>The most that a caller may keep.</summary>
    public ClientFileUsage Most => new(limits.MaxFiles, limits.MaxFileBytes);

    /// <summary>The stored file; null when the server is stopping, and the refusal was sent.</summary>
    public async Task<ClientFile?> ReceiveAsync(HttpContext context)
    {
        using var idempotency = keys.Begin(context);
        var id = idempotency?.IdOf("openai-file");
        var first = id is { } known ? await files.FindFileAsync(known, context.RequestAborted) : null;
        // Known before its bytes are sent, and certain once it is kept. A file that is there already needs no more.
        var room = first?.Size ?? await RoomAsync(context.KeyName(), context.RequestAborted);
        var upload = await StartAsync(context.KeyName(), context.RequestAborted);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ClientFile? kept = null;
        try
        {
            var form = new UploadedForm(
                limits, (bytes, token) => StoreAsync(
                    upload.Id, bytes, room, first is null ? TooManyBytes : IdempotentRequest.UsedForOtherRequest, token,
                    idempotency is null ? null : hash));
            if (!await bodies.ReadAsync(context, token => form.ReadAsync(context.Request, token))) return null;
            var asked = Check(form, id);
            if (first is not null)
            {
                if (!IsSame(first, asked) || !await sameBytes.AreAsync(first.PayloadKey, first.Size, hash, context.RequestAborted))
                    throw IdempotentRequest.UsedForOtherRequest();
                IdempotentRequest.SayReplayed(context);
                return first;
            }

            kept = await files.KeepUploadAsync(asked, upload.Id, Most, context.RequestAborted);
            return kept ?? throw await ReasonToRefuseAsync(context.KeyName(), form.Size, context.RequestAborted);
        }
        finally
        {
            if (kept is null) await DiscardAsync(upload);
        }
    }

    /// <summary>Begins a body that becomes a file, or a part of one.</summary>
    public async Task<BodyUpload> StartAsync(string? owner, CancellationToken cancellationToken) => await uploads.StartUploadAsync(
        new NewBodyUpload(Guid.CreateVersion7(), owner, null, """{"openai":"file"}""", null, default), limits.MaxUploads,
        options.UploadRetention, cancellationToken)
        ?? throw new RequestException(new Problem(
            "too-many-uploads", StatusCodes.Status429TooManyRequests, "Too many open uploads",
            $"You have {limits.MaxUploads} open uploads: wait until one is over, or raise {IntakeLimits.MaxUploadsSetting} on the server.")
        { Setting = IntakeLimits.MaxUploadsSetting, RetryAfterSeconds = 1 });

    /// <summary>Removes a body that became nothing.</summary>
    public Task DiscardAsync(BodyUpload upload) => uploads.RemoveUploadAsync(upload.Id, CancellationToken.None);

    /// <summary>Stores the next bytes of a body.</summary>
    public async Task AppendAsync(Guid upload, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var result = await uploads.AppendUploadAsync(upload, offset, bytes, limits.MaxUploadBytes, cancellationToken);
        if (result.Outcome == ChunkOutcome.OverLimit)
        {
            throw new RequestException(Problem.TooLarge(
                $"Your open uploads would have more than {limits.MaxUploadBytes} bytes; wait until one is over, or raise "
                + $"{IntakeLimits.MaxUploadBytesSetting} on the server.", IntakeLimits.MaxUploadBytesSetting));
        }

        if (result.Outcome != ChunkOutcome.Stored) throw Removed();
    }

    /// <summary>
    /// Stores a body as it arrives, and returns its bytes. A piece is stored while the next one arrives, so that the client and the disk do
    /// not take turns; no more than these two are in memory.
    /// </summary>
    /// <param name="upload">The body.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="room">The most bytes.</param>
    /// <param name="tooLong">Why more bytes are refused.</param>
    /// <param name="cancellationToken">Cancels waiting for the client.</param>
    /// <param name="hash">Receives the bytes too; null for none.</param>
    public async Task<long> StoreAsync(
        Guid upload, Stream bytes, long room, Func<RequestException> tooLong, CancellationToken cancellationToken,
        IncrementalHash? hash = null)
    {
        var (arriving, stored) = (ArrayPool<byte>.Shared.Rent(Chunk), ArrayPool<byte>.Shared.Rent(Chunk));
        var storing = Task.CompletedTask;
        try
        {
            for (long offset = 0; ;)
            {
                var length = await bytes.ReadAtLeastAsync(
                    arriving.AsMemory(0, Chunk), Chunk, throwOnEndOfStream: false, cancellationToken);
                await storing;
                if (length == 0) return offset;
                if (offset + length > room) throw tooLong();
                hash?.AppendData(arriving, 0, length);
                storing = AppendAsync(upload, offset, arriving.AsMemory(0, length), cancellationToken);
                offset += length;
                (arriving, stored) = (stored, arriving);
            }
        }
        finally
        {
            // A write that is under way still reads its piece.
            await storing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(arriving);
            ArrayPool<byte>.Shared.Return(stored);
        }
    }

    /// <summary>How long a file is kept if its client does not say it; null for ever.</summary>
    public static TimeSpan? UsualLifetime(string purpose) => purpose == BatchPurpose ? BatchLifetime : null;

    /// <summary>Refuses a purpose that is not known, and a name that is not right for it.</summary>
    /// <param name="purpose">What the client keeps the file for.</param>
    /// <param name="name">The name of the file.</param>
    /// <param name="nameField">The field with the name.</param>
    public static void Check(string purpose, string name, string nameField)
    {
        if (!Purposes.Contains(purpose)) throw RequestException.Invalid("purpose", $"use one of {string.Join(", ", Purposes)}.");
        if (purpose == BatchPurpose && !name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase))
        {
            throw new RequestException(
                Problem.BadRequest("Invalid file format for Batch API. Must be .jsonl", nameField));
        }
    }

    /// <summary>Why a file is refused for which nothing is kept.</summary>
    public async Task<RequestException> ReasonToRefuseAsync(string? owner, long size, CancellationToken cancellationToken) =>
        size > await RoomAsync(owner, cancellationToken) ? TooManyBytes() : Removed();

    /// <summary>The bytes that a caller may still keep.</summary>
    /// <exception cref="RequestException">The caller has too many files.</exception>
    public async Task<long> RoomAsync(string? owner, CancellationToken cancellationToken)
    {
        var usage = await files.ReadUsageAsync(owner, cancellationToken);
        if (usage.Files < limits.MaxFiles) return limits.MaxFileBytes - usage.Bytes;
        throw new RequestException(new Problem(
            "too-many-files", StatusCodes.Status400BadRequest, "Too many files",
            $"You have {usage.Files} files: delete some, let them expire with expires_after, or raise {IntakeLimits.MaxFilesSetting} on "
            + "the server.")
        { Setting = IntakeLimits.MaxFilesSetting });
    }

    private RequestException TooManyBytes() => new(Problem.TooLarge(
        $"Your files would have more than {limits.MaxFileBytes} bytes: delete some, let them expire with expires_after, or raise "
        + $"{IntakeLimits.MaxFileBytesSetting} on the server.", IntakeLimits.MaxFileBytesSetting));

    private static RequestException Removed() =>
        new(Problem.Unavailable("The upload was removed meanwhile: send the file again."));

    private static bool IsSame(ClientFile first, NewClientFile asked) => (first.Name, first.Purpose) == (asked.Name, asked.Purpose)
        && first.ExpiresAt - first.CreatedAt == asked.Lifetime;

    private static NewClientFile Check(UploadedForm form, Guid? id)
    {
        var (purpose, name) = (form.Purpose, form.FileName!);
        Check(purpose, name, "file");
        return new NewClientFile(id ?? Guid.CreateVersion7(), name, purpose, form.Expiry ?? UsualLifetime(purpose));
    }
}
