namespace StashAI.Visage.Models;

/// <summary>
/// Six photos of people for the demo and the tests, <c>sample1.jpg</c> to <c>sample6.jpg</c> (MIT license, 22 faces). The woman at (1580,
/// 330) in the first photo is also at (1187, 354) in the third.
/// </summary>
public static class SamplePhotos
{
    private static readonly PinnedPackage Package = new(
        "the sample photos",
        "@vladmandic/face-api@1.7.15",
        [
            Photo(1, "8ecae4b267b2d3169e06e00c7dee97097aa2a94635d45216f7732a5f4943cb51"),
            Photo(2, "7d2b60ae6f13bf30f422e04df87451081a02c83de469056f25afb44b7000c691"),
            Photo(3, "8eb081c9efb14370fa94d9feab9e5fbeafd19a627491853a80c2bf67f7ffa936"),
            Photo(4, "729efa5923061d40eb4ed5f267a18cc7b8ba6f852bb2757b16d8b7e4937476fc"),
            Photo(5, "6d45095ebb182d8f975c0790e0e4eefd86fbb40609cf4b271776d92e12662938"),
            Photo(6, "9baad80f9d5e306fb9b8c0913d44445f1e95848df317530efb03d0934c57ba87"),
        ]);

    /// <summary>The file names of the photos, in order.</summary>
    public static IReadOnlyList<string> FileNames { get; } = [.. Package.Files.Select(file => file.Name)];

    /// <summary>
    /// Makes sure that the photos are in <paramref name="directory"/>, as <see cref="ModelStore.EnsureAsync"/> does for models.
    /// </summary>
    /// <param name="directory">The folder of the photos; created if it is missing.</param>
    /// <param name="progress">Receives a message at the start and at the end of a fetch.</param>
    /// <param name="cancellationToken">Stops the fetch; no incomplete files remain.</param>
    /// <exception cref="ModelsUnavailableException">The files could not be fetched or have a wrong checksum.</exception>
    public static Task EnsureAsync(string directory, IProgress<string>? progress, CancellationToken cancellationToken) =>
        Package.EnsureAsync(directory, progress, cancellationToken);

    private static PinnedFile Photo(int number, string sha256) => new($"sample{number}.jpg", $"package/demo/sample{number}.jpg", sha256);
}
