using System.Text;
using StashAI.Gateway.Upstreams.Import.Shell;

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>Combines <c>-d</c> and similar options as curl does.</summary>
internal sealed class CurlData(CurlFiles files)
{
    private readonly StringBuilder text = new();
    private readonly List<(string Path, byte[] Bytes)> whole = [];
    private string? option;
    private int count;

    public bool IsEmpty => count == 0;

    /// <summary><c>-d</c>, <c>--data-ascii</c>, <c>--data-binary</c>, <c>--data-raw</c> and <c>--json</c>.</summary>
    public void Add(string name, string value)
    {
        if (name == "--data-raw" || value is not ['@', ..])
        {
            Append(name, value);
            return;
        }

        var bytes = files.Read(value[1..], name);
        // curl keeps line breaks only for these two.
        var isBinary = name is "--data-binary" or "--json";
        if (!isBinary && bytes.Contains((byte)0))
        {
            throw new ImportException($"{name} names a file with a NUL, which versions of curl send differently; use --data-binary.");
        }

        var sent = isBinary ? bytes : [.. bytes.Where(one => one is not ((byte)'\r' or (byte)'\n'))];
        whole.Add((files.Expand(value[1..]), sent));
        option = name;
        if (name != "--json" && count > 0) text.Append('&');
        count++;
        if (count > 1 || !IsBinary(sent)) text.Append(CurlFiles.Decode(sent, name));
    }

    /// <summary><c>--data-urlencode</c> and <c>--url-query</c>.</summary>
    public void AddEncoded(string name, string value) => Append(name, Encoded(name, value));

    /// <summary><c>content</c>, <c>=content</c>, <c>name=content</c>, <c>@file</c> or <c>name@file</c>.</summary>
    public string Encoded(string option, string value)
    {
        var at = value.IndexOfAny(['=', '@']);
        if (at < 0) return Escape(value);
        var content = value[at] == '=' ? value[(at + 1)..] : files.ReadText(value[(at + 1)..], option);
        // For an empty file, curl sends nothing, not even the name.
        if (value[at] == '@' && content.Length == 0) return "";
        return at == 0 ? Escape(content) : $"{value[..at]}={Escape(content)}";
    }

    /// <exception cref="ImportException">A binary file is combined with other data.</exception>
    public CurlBody Body()
    {
        if (count == 1 && whole.Count == 1) return new CurlBody.File(whole[0].Path, whole[0].Bytes);
        return whole.Any(file => IsBinary(file.Bytes))
            ? throw new ImportException(
                $"{option} names a file that is not text, next to other data; send it by itself, or as a part (-F).")
            : new CurlBody.Text(text.ToString());
    }

    /// <summary>The data as a query.</summary>
    public string Query() => Body() is CurlBody.File file ? CurlFiles.Decode(file.Bytes, option!) : text.ToString();

    private void Append(string name, string value)
    {
        if (name != "--json" && count > 0) text.Append('&');
        text.Append(value);
        (option, count) = (name, count + 1);
    }

    private static bool IsBinary(byte[] bytes) => !System.Text.Unicode.Utf8.IsValid(bytes);

    /// <summary>Escapes a text. Variables stay marks; their values are escaped when they are inserted.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        var isMark = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is 0xFDD0 or 0xFDD1) isMark = rune.Value == 0xFDD0;
            if (isMark || rune.Value == 0xFDD1) escaped.Append(rune);
            else if (rune.Value == ' ') escaped.Append('+');
            else escaped.Append(Uri.EscapeDataString(rune.ToString()));
        }

        return ShellVariables.Encode(escaped.ToString());
    }
}
