namespace StashAI.Visage.Models;

/// <summary>The three face models in a folder: <c>fr_detect.onnx</c>, <c>fr_landmark.onnx</c>, <c>fr_feature.onnx</c> (7 MB).</summary>
public static class ModelStore
{
    private static readonly PinnedPackage Package = new(
        "the face models",
        "faceplugin-face-recognition-js@0.0.1",
        [
            Model("fr_detect", "6c0256ccd3164f844736a401faf936ec2930764a87ae39442180887d0c5c8854"),
            Model("fr_landmark", "f10b0ba1d2a8a099adefede1ebf3733e44fe370715e7303dbeb7f59c02142258"),
            Model("fr_feature", "87aacdfe57510db2af90c0251df680e8eec88f122ee94712121d09bcaaaf3581"),
        ]);

    /// <summary>
    /// Makes sure that the models are in <paramref name="directory"/>. It needs no network if they are there with the right SHA-256;
    /// otherwise it fetches them with npm. Several processes may call it at once.
    /// </summary>
    /// <param name="directory">The folder of the models; created if it is missing.</param>
    /// <param name="progress">Receives a message at the start and at the end of a fetch.</param>
    /// <param name="cancellationToken">Stops the fetch; no incomplete files remain.</param>
    /// <exception cref="ModelsUnavailableException">The files could not be fetched or have a wrong checksum.</exception>
    public static Task EnsureAsync(string directory, IProgress<string>? progress, CancellationToken cancellationToken) =>
        Package.EnsureAsync(directory, progress, cancellationToken);

    /// <summary>
    /// Like <see cref="EnsureAsync"/>, but also lets every user of this machine read the models. Use it to fetch them for another user, for
    /// example as root while building a container image.
    /// </summary>
    /// <inheritdoc cref="EnsureAsync"/>
    public static Task EnsureForAllAsync(string directory, IProgress<string>? progress, CancellationToken cancellationToken) =>
        Package.EnsureForAllAsync(directory, progress, cancellationToken);

    /// <summary>The files that are not in a folder. Whether those that are there are right is checked when they are used.</summary>
    public static IEnumerable<string> Missing(string directory) =>
        Package.Files.Select(file => file.Name).Where(name => !File.Exists(Path.Combine(directory, name)));

    private static PinnedFile Model(string name, string sha256) => new(name + ".onnx", $"package/model/{name}.onnx", sha256);
}
