using System.Security.Cryptography;
using StashAI.Visage.Detection;

namespace StashAI.Visage.Recognition;

/// <summary>
/// Caches the analysis of the photos that were compared last, by the hash of the file. A client that compares one photo with many sends it
/// each time, and finding its faces is nearly all of the work.
/// </summary>
internal sealed class RecentPhotos(WorkGate gate)
{
    private const int Capacity = 8;

    private readonly Lock access = new();
    private readonly LinkedList<(string Key, AnalysedPhoto Photo)> recent = [];

    /// <exception cref="Imaging.PhotoRefusedException">The bytes are not a usable picture.</exception>
    public async Task<AnalysedPhoto> AnalyseAsync(ReadOnlyMemory<byte> file, DetectionDetail detail, CancellationToken cancellationToken)
    {
        var key = $"{detail} {Convert.ToHexString(SHA256.HashData(file.Span))}";
        if (Find(key) is { } known)
            return known;
        var photo = await gate.AnalyseAsync(file, detail, cancellationToken);
        Remember(key, photo);
        return photo;
    }

    private AnalysedPhoto? Find(string key)
    {
        lock (access)
        {
            for (var node = recent.First; node is not null; node = node.Next)
            {
                if (node.Value.Key != key)
                    continue;
                recent.Remove(node);
                recent.AddFirst(node);
                return node.Value.Photo;
            }

            return null;
        }
    }

    private void Remember(string key, AnalysedPhoto photo)
    {
        lock (access)
        {
            recent.AddFirst((key, photo));
            if (recent.Count > Capacity)
                recent.RemoveLast();
        }
    }
}
