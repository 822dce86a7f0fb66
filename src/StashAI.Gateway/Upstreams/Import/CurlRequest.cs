using System.Text;
using StashAI.Gateway.Upstreams.Import.Shell;

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>The request that a curl command would send. Shell variables in its texts are marks.</summary>
internal sealed record CurlRequest
{
    public required CurlAddress Address { get; init; }

    /// <summary>The address with the values of its host's variables.</summary>
    public required Uri Url { get; init; }

    public required string Method { get; init; }

    /// <summary>Without the content type and the headers of the connection.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The body's content type; null for none.</summary>
    public required string? ContentType { get; init; }

    /// <summary>Null for none.</summary>
    public required CurlBody? Body { get; init; }

    /// <summary>Parses a command line as a shell and curl would.</summary>
    /// <param name="command">The command line.</param>
    /// <param name="environment">Returns shell variables.</param>
    /// <param name="mayReadFiles">False to refuse files by name, because they would be those of another machine.</param>
    /// <exception cref="ImportException">The command is not supported.</exception>
    public static CurlRequest Parse(string command, Func<string, string?> environment, bool mayReadFiles = true) =>
        new Reader(ShellCommand.Read(command), environment, mayReadFiles).Read();

    /// <summary>The media type without its parameters, in lower case; empty for none.</summary>
    public string MediaType => (ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();

    private sealed class Reader(ShellCommand shell, Func<string, string?> environment, bool mayReadFiles)
    {
        private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
        private const string FormType = "application/x-www-form-urlencoded";
        private static readonly string[] Prefixes = ["time", "sudo", "command", "exec", "nohup", "env", "\\curl"];

        private readonly CurlFiles files = new(shell, environment, mayReadFiles);
        private readonly CurlHeaders headers = new();
        private readonly List<string> cookies = [];
        private readonly List<CurlPart> parts = [];
        private readonly List<string> queries = [];
        private CurlData? data;
        private string? method;
        private string? url;
        private string? upload;
        private string? user;
        private string? bearer;
        private bool isGet;
        private bool isJson;
        private bool isGlob = true;
        private bool isAsIs;

        public CurlRequest Read()
        {
            data = new CurlData(files);
            var words = shell.Words.SkipWhile(
                word => Prefixes.Contains(word) || (word.IndexOf('=', StringComparison.Ordinal) > 0 && word[0] != '-')).ToList();
            if (words.Count == 0 || words[0].Split('/', '\\')[^1] is not ("curl" or "curl.exe"))
            {
                throw new ImportException(words.Count > 0 && shell.Words.Contains("curl")
                    ? $"the command begins with '{words[0]}' and not with curl; give the curl command only."
                    : "give a curl command, such as 'curl http://127.0.0.1:5000/translate -d q=hello'.");
            }

            ReadOptions(words);
            return Assemble();
        }

        private void ReadOptions(List<string> words)
        {
            var isOnlyUrls = false;
            for (var i = 1; i < words.Count; i++)
            {
                if (isOnlyUrls || words[i] is not ['-', _, ..])
                {
                    TakeUrl(words[i]);
                    continue;
                }

                if (words[i] == "--")
                {
                    isOnlyUrls = true;
                    continue;
                }

                foreach (var (option, value) in CurlOptions.Split(words[i]))
                {
                    Take(option, () => value ?? (++i < words.Count ? words[i] : throw new ImportException($"{option} needs a value.")));
                }
            }
        }

        private void Take(string option, Func<string> value)
        {
            switch (option)
            {
                case "-X" or "--request": method = files.Expand(value()); break;
                case "-H" or "--header": headers.Add(value()); break;
                case "-A" or "--user-agent": if (value() is { Length: > 0 } agent) headers.AddUnlessGiven("User-Agent", agent); break;
                case "-e" or "--referer":
                    if (value().Split(";auto")[0] is { Length: > 0 } referer) headers.AddUnlessGiven("Referer", referer);
                    break;
                case "-u" or "--user": user = value(); break;
                case "--oauth2-bearer": bearer = value(); break;
                case "-b" or "--cookie": TakeCookie(value()); break;
                case "-d" or "--data" or "--data-raw" or "--data-ascii" or "--data-binary": data!.Add(option, value()); break;
                case "--data-urlencode": data!.AddEncoded(option, value()); break;
                case "--json": data!.Add(option, value()); isJson = true; break;
                case "-F" or "--form" or "--form-string": parts.Add(CurlForm.Read(option, value(), files)); break;
                case "-G" or "--get": isGet = true; break;
                case "-T" or "--upload-file":
                    upload = upload is null
                        ? value()
                        : throw new ImportException("-T appears twice, which makes two calls; import them one by one.");
                    break;
                case "--url-query": TakeQuery(option, value()); break;
                case "-g" or "--globoff": isGlob = false; break;
                case "--path-as-is": isAsIs = true; break;
                case "--url": TakeUrl(value()); break;
                default:
                    CurlOptions.Skip(option, out var hasValue);
                    if (hasValue) value();
                    break;
            }
        }

        private void TakeUrl(string word) => url = url is null
            ? word
            : throw new ImportException(
                $"the command has two addresses, '{CurlAddress.Shown(url)}' and '{CurlAddress.Shown(word)}'; is a quote missing?");

        private void TakeQuery(string option, string text) => queries.Add(text is ['+', .. var raw] ? raw : data!.Encoded(option, text));

        private void TakeCookie(string text)
        {
            if (text.Length == 0) return;
            if (!text.Contains('=', StringComparison.Ordinal))
            {
                throw new ImportException($"-b {text} reads cookies from a file; write them as -b 'NAME=VALUE'.");
            }

            cookies.Add(text);
        }

        private CurlRequest Assemble()
        {
            if (url is null) throw new ImportException("the curl command has no URL.");
            if (method is not null && !Methods.Contains(method))
            {
                throw new ImportException($"-X {method} is not supported; a declaration can send only {string.Join(", ", Methods)}.");
            }

            if ((parts.Count > 0 ? 1 : 0) + (data!.IsEmpty ? 0 : 1) + (upload is null ? 0 : 1) > 1)
                throw new ImportException("the command has several kinds of body (-d, -F, -T), which curl refuses; leave one.");
            var address = CurlAddress.Read(url, isGlob, isAsIs);
            foreach (var query in queries) address = address.WithQuery(query);
            var body = Body(ref address);
            var implied = isJson ? "application/json" : body is not null && parts.Count == 0 && upload is null ? FormType : null;
            AddImplied(address);
            if (isJson) headers.AddUnlessGiven("Accept", "application/json");
            var request = new CurlRequest
            {
                Address = address,
                Url = Resolve(address),
                Method = method ?? (upload is not null ? "PUT" : body is not null ? "POST" : "GET"),
                Headers = headers.ToSend(address.Base[(address.Base.IndexOf("://", StringComparison.Ordinal) + 3)..]),
                ContentType = headers.Removes("Content-Type") ? null : headers.Find("Content-Type") ?? implied,
                Body = body,
            };
            if (body is CurlBody.Form && headers.Removes("Content-Type"))
            {
                throw new ImportException("-H 'Content-Type:' with -F removes the boundary of the parts; leave the header out.");
            }

            if (body is CurlBody.Form && request.ContentType is { } type
                && !type.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            {
                throw new ImportException(
                    $"-F with the header Content-Type: {type} makes a body that services cannot read; leave the header out.");
            }

            return request.MediaType == "multipart/form-data" && body is CurlBody.Text or CurlBody.File
                ? request with { Body = MultipartText.Read(body, request.ContentType!) }
                : request;
        }

        private CurlBody? Body(ref CurlAddress address)
        {
            if (parts.Count > 0)
            {
                return isGet ? throw new ImportException("-G and -F cannot be combined in curl; leave one out.") : new CurlBody.Form(parts);
            }

            if (upload is not null)
            {
                if (isGet) throw new ImportException("-G and -T cannot be combined; leave one out.");
                var path = files.Expand(upload);
                if (path is "-" or ".") throw new ImportException("-T reads standard input; name a file.");
                if (isGlob && path.AsSpan().IndexOfAny("{}[]") >= 0)
                {
                    throw new ImportException("-T names several files with { } or [ ]; name one.");
                }

                var bytes = files.Read(upload, "-T");
                if (address.Path.EndsWith('/'))
                {
                    address = address with { Path = address.Path + Uri.EscapeDataString(path[(path.LastIndexOf('/') + 1)..]) };
                }

                return new CurlBody.File(path, bytes);
            }

            if (data!.IsEmpty) return null;
            if (!isGet) return data.Body();
            var query = data.Query();
            if (query.Any(one => one <= ' ' || one == '\u007F'))
            {
                throw new ImportException(
                    "-G puts a space or a line break into the address, which curl refuses; use --data-urlencode for it.");
            }

            if (query.Length > 0) address = address.WithQuery(query);
            return null;
        }

        private void AddImplied(CurlAddress address)
        {
            if (cookies.Count > 0) headers.AddUnlessGiven("Cookie", string.Join("; ", cookies));
            var login = user ?? address.User;
            if (login is not null && bearer is not null)
            {
                throw new ImportException(
                    "the command has a user and a bearer token, which would both be the Authorization header; leave one out.");
            }

            if (bearer is not null) headers.AddUnlessGiven("Authorization", "Bearer " + bearer);
            if (login is null || headers.Has("Authorization")) return;
            if (!login.Contains(':', StringComparison.Ordinal))
            {
                throw user is null
                    ? new ImportException("the address has a user without a password; write user:password@.")
                    : new ImportException(
                        "-u has no password, so curl would ask for it; write -u USER:PASSWORD, or -u USER: for an empty one.");
            }

            if (ShellVariables.Has(login))
            {
                throw new ImportException(
                    $"-u has the shell variable ${ShellVariables.FirstIn(login)}, and a header would need its base64; set a variable "
                    + "to the base64 of user:password, and write -H \"Authorization: Basic $VARIABLE\".");
            }

            headers.AddUnlessGiven("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
        }

        private Uri Resolve(CurlAddress address)
        {
            var text = files.Expand(address.Base);
            if (!text.Contains("://", StringComparison.Ordinal)) text = "http://" + text;
            if (!Uri.TryCreate(text, UriKind.Absolute, out var found) || found.Scheme is not ("http" or "https"))
            {
                throw new ImportException($"'{CurlAddress.Shown(text)}' is not an http or https URL.");
            }

            return found.Query.Length == 0 && found.Fragment.Length == 0 && found.UserInfo.Length == 0
                ? found
                : throw new ImportException(
                    $"the variable in the address contains more than '{CurlAddress.Shown(text)}', "
                    + "but the address of a service has no user, query or fragment.");
        }
    }
}
