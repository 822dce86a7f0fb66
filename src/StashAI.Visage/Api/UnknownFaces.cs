using StashAI.Visage.Api.Requests;
using StashAI.Visage.Embedding;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Api;

/// <summary>Collects those faces of many photos that today's gallery does not know, by the rules for photos.</summary>
internal sealed class UnknownFaces(WorkGate gate, KnownPeople people)
{
    /// <summary>The most unknown faces that are grouped at once. Grouping takes time with the square of their number.</summary>
    public const int Max = 50_000;

    /// <summary>How many faces are matched at once.</summary>
    private const int Batch = 64;

    private readonly List<(int Photo, MatchSettings Settings, IReadOnlyList<FaceEmbedding> Faces)> waiting = [];
    private int waitingFaces;

    /// <summary>The embedding and quality of each unknown face.</summary>
    public List<FaceEmbedding> Embeddings { get; } = [];

    /// <summary>The position of its photo, and its position in the photo.</summary>
    public List<(int Photo, int Face)> Places { get; } = [];

    /// <summary>How many photos were added.</summary>
    public int Photos { get; private set; }

    /// <summary>How many faces they have.</summary>
    public int Faces { get; private set; }

    /// <exception cref="RequestRefusedException">The bytes are no kept faces, or there are too many unknown faces.</exception>
    public async Task AddAsync(double? threshold, byte[] kept, CancellationToken cancellationToken)
    {
        var settings = MatchSettings.Of(new PredictRequest { Threshold = threshold }, people);
        var faces = KeptFaces.Read(kept) ?? throw RequestRefusedException.Unprocessable(
            "body", $"The faces of photo {Photos} must be what an earlier answer had.");
        waiting.Add((Photos++, settings, faces));
        Faces += faces.Count;
        waitingFaces += faces.Count;
        if (waitingFaces >= Batch) await MatchAsync(cancellationToken);
    }

    /// <summary>Matches the photos that were added last.</summary>
    public async Task MatchAsync(CancellationToken cancellationToken)
    {
        // Matching with a large gallery keeps a core busy, so it goes through the gate.
        await gate.RunAsync(_ => Match(cancellationToken), cancellationToken);
        waiting.Clear();
        waitingFaces = 0;
        if (Embeddings.Count > Max)
        {
            throw new RequestRefusedException(
                StatusCodes.Status422UnprocessableEntity,
                $"There are more than {Max:N0} unknown faces, which is the most that is grouped at once. Group fewer jobs together.");
        }
    }

    private bool Match(CancellationToken cancellationToken)
    {
        foreach (var (photo, settings, faces) in waiting)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var matches = FaceMatching.Match(people, [.. faces.Select(face => face.Vector)], settings);
            for (var face = 0; face < faces.Count; face++)
            {
                if (matches[face].Count > 0 || KeptFaces.IsErased(faces[face].Vector)) continue;
                Embeddings.Add(faces[face]);
                Places.Add((photo, face));
            }
        }

        return true;
    }
}
