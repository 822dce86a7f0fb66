using System.Text;
using StashAI.Gateway.Upstreams.Import.Shell;
using StashAI.Streams.Files;

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>Reads the files that a curl command names, and its standard input.</summary>
internal sealed class CurlFiles(ShellCommand command, Func<string, string?> environment, bool mayRead)
{
    private static readonly UTF8Encoding Strict = new(false, true);

    /// <summary>The text with the values of its shell variables, for text that does not go into the declaration.</summary>
    public string Expand(string text) => ShellVariables.Expand(text, environment);

    /// <param name="path">The path; <c>-</c> for standard input.</param>
    /// <param name="option">The option, for errors.</param>
    /// <exception cref="ImportException">It cannot be read.</exception>
    public byte[] Read(string path, string option)
    {
        if (path == "-" && command.Input is { } input) return Strict.GetBytes(Expand(input));
        if (path == "-")
        {
            path = command.InputFile
                ?? throw new ImportException($"{option} reads standard input, but this command has none; write the text, or @FILE.");
        }

        path = Expand(path);
        if (!mayRead)
        {
            throw new ImportException(
                $"{option} names the file '{path}', and the server reads no files for a command: write its text into the command, or run "
                + "'stashai service import' where the file is.");
        }

        try
        {
            return RegularFile.ReadAllBytes(path);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ImportException($"{option} names the file '{path}', which cannot be read: {exception.Message}");
        }
    }

    /// <exception cref="ImportException">The file is not text.</exception>
    public string ReadText(string path, string option) => Decode(Read(path, option), option);

    /// <summary>The bytes as text, including a byte order mark.</summary>
    public static string Decode(byte[] bytes, string option)
    {
        try
        {
            var text = Strict.GetString(bytes);
            return text.AsSpan().IndexOfAny('\uFDD0', '\uFDD1', '\uFDD2') < 0
                ? text
                : throw new ImportException($"{option} names a file with a Unicode noncharacter.");
        }
        catch (DecoderFallbackException)
        {
            throw new ImportException(
                $"{option} names a file that is not UTF-8 text and not the whole body; send it by itself, or as a part (-F).");
        }
    }
}
