using System.CommandLine;
using StashAI.Bench.Batches;
using StashAI.Bench.Depth;
using StashAI.Bench.Faces;
using StashAI.Bench.Fairness;
using StashAI.Bench.Gateway;
using StashAI.Bench.Interactions;
using StashAI.Bench.Items;
using StashAI.Bench.Load;
using StashAI.Bench.Packing;
using StashAI.Bench.Pages;
using StashAI.Bench.Soak;
using StashAI.Bench.Sockets;
using StashAI.Bench.Start;
using StashAI.Bench.Uploads;

var tasks = new Option<int>("--tasks") { DefaultValueFactory = _ => 10_000, Description = "Tasks in the job." };
var parallel = new Option<int>("--parallel") { DefaultValueFactory = _ => 32, Description = "Calls at once." };
var bytes = new Option<int>("--bytes") { DefaultValueFactory = _ => 1024, Description = "Size of a task's JSON body." };
var delay = new Option<int>("--delay") { DefaultValueFactory = _ => 0, Description = "Milliseconds that the service takes." };
var runs = new Option<int>("--runs") { DefaultValueFactory = _ => 3, Description = "How often each is measured." };
var folder =
    new Option<string>("--folder") { DefaultValueFactory = _ => Path.GetTempPath(), Description = "Where the database file is made." };
var database = new Option<string?>("--database") { Description = "postgres://... to drain through; without it a SQLite file." };
var postgres = new Option<bool>("--postgres")
{
    Description = "Drain through a PostgreSQL server that is started for it, with its data in the temp folder.",
};

var program = new Option<string?>("--program") { Description = "The published program; without it the one that was built with this one." };
var photos = new Option<bool>("--photos") { Description = "Photos of the Visage service in place of JSON items." };

var limit = new Option<int?>("--limit") { Description = "Compare a lane with this limit on concurrent calls with one without." };

var load = new Command("load", "One job drained through the queue, next to a bare loop of the same calls.")
{
    tasks, parallel, bytes, delay, runs, folder, database, postgres, limit,
};
load.SetAction((parse, cancellationToken) => LoadBenchmark.RunAsync(
    new LoadPlan(
        parse.GetValue(tasks),
        parse.GetValue(parallel),
        parse.GetValue(bytes),
        TimeSpan.FromMilliseconds(parse.GetValue(delay)),
        parse.GetValue(runs),
        parse.GetValue(folder)!,
        parse.GetValue(database),
        parse.GetValue(postgres))
    {
        Limit = parse.GetValue(limit),
    },
    cancellationToken));

var stub = new Command("stub", "The AI service that the load calls; started by it.") { delay };
stub.SetAction((parse, cancellationToken) => StubService.RunAsync(TimeSpan.FromMilliseconds(parse.GetValue(delay)), cancellationToken));

var gateway = new Command("gateway", "One job over HTTP to the real server until its terminal message, next to a bare loop.")
{
    tasks, parallel, bytes, delay, runs, photos, postgres, program,
};
gateway.SetAction((parse, cancellationToken) => GatewayBenchmark.RunAsync(
    new LoadPlan(
        parse.GetValue(tasks),
        parse.GetValue(parallel),
        parse.GetValue(bytes),
        TimeSpan.FromMilliseconds(parse.GetValue(delay)),
        parse.GetValue(runs),
        Path.GetTempPath(),
        null,
        parse.GetValue(postgres)),
    parse.GetValue(photos),
    parse.GetValue(program),
    cancellationToken));

var lines = new Option<int>("--lines") { DefaultValueFactory = _ => 50_000, Description = "Lines of the file." };
var batches = new Command("batches", "A file of chat requests through /v1/files and /v1/batches and back, next to a bare loop.")
{
    lines, parallel, bytes, delay, runs, postgres, program,
};
batches.SetAction((parse, cancellationToken) => BatchBenchmark.RunAsync(
    new LoadPlan(
        parse.GetValue(lines),
        parse.GetValue(parallel),
        parse.GetValue(bytes),
        TimeSpan.FromMilliseconds(parse.GetValue(delay)),
        parse.GetValue(runs),
        Path.GetTempPath(),
        null,
        parse.GetValue(postgres)),
    parse.GetValue(program), cancellationToken));

var latency = new Command("latency", "One task on an idle server, from the submit to the terminal message.") { postgres, program };
latency.SetAction((parse, cancellationToken) => LatencyBenchmark.RunAsync(
    parse.GetValue(postgres), parse.GetValue(program), cancellationToken));

var depths = new Option<int[]>("--depths") { DefaultValueFactory = _ => [1_000, 10_000, 100_000, 1_000_000], Description = "Open tasks." };
var depth =
    new Command("depth", "What claims and applies cost with more and more open tasks, in one job and in jobs of one.") { depths, postgres };
depth.SetAction(
    (parse, cancellationToken) => DepthBenchmark.RunAsync(parse.GetValue(postgres), parse.GetValue(depths)!, cancellationToken));

var seconds = new Option<int>("--seconds") { DefaultValueFactory = _ => 60, Description = "How long single tasks arrive." };
var fairness = new Command("fairness", "How long single tasks wait beside a job of 50,000.") { seconds, postgres };
fairness.SetAction((parse, cancellationToken) => FairnessBenchmark.RunAsync(
    parse.GetValue(postgres), TimeSpan.FromSeconds(parse.GetValue(seconds)), cancellationToken));

var service = new Option<string>("--service")
{
    DefaultValueFactory = _ => "http://127.0.0.1:8620",
    Description = "Where an embeddings service answers, such as samples/services/embeddings.mjs.",
};
var texts = new Option<int>("--texts") { DefaultValueFactory = _ => 512, Description = "Texts in a job." };
var pack = new Command("pack", "Embeddings of one job with and without packing, in turns.") { service, texts, runs };
pack.SetAction((parse, cancellationToken) => PackBenchmark.RunAsync(
    parse.GetValue(service)!, parse.GetValue(texts), parse.GetValue(runs), cancellationToken));

var minutes = new Option<double>("--minutes") { DefaultValueFactory = _ => 10, Description = "How long faults go on." };
var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1, Description = "What happens when." };
var clients = new Option<int>("--clients") { DefaultValueFactory = _ => 16, Description = "Clients at once; each has one open job." };
var soak = new Command("soak", "Real processes under kill -9, freezes, restarts, database crashes and a faulty service; then a verdict.")
{
    minutes, seed, clients, postgres,
};
soak.SetAction((parse, cancellationToken) => SoakBenchmark.RunAsync(
    new SoakPlan(TimeSpan.FromMinutes(parse.GetValue(minutes)), parse.GetValue(postgres), parse.GetValue(seed), parse.GetValue(clients)),
    cancellationToken));

var requests = new Option<int>("--requests") { DefaultValueFactory = _ => 20_000, Description = "Requests of a run." };
var interactions =
    new Command("interactions", "Interactions, one a request, next to an endpoint that stores nothing.")
{
    requests, runs, postgres, program,
};
interactions.SetAction((parse, cancellationToken) => InteractionBenchmark.RunAsync(
    parse.GetValue(postgres), parse.GetValue(requests), parse.GetValue(runs), parse.GetValue(program), cancellationToken));

var followers = new Option<int>("--sockets")
{
    DefaultValueFactory = _ => 5_000,
    Description = "Sockets that follow the job; each takes two open files.",
};
var sockets = new Command("sockets", "A job that thousands of sockets follow, next to the same job without them.")
{
    followers, tasks, runs, postgres,
};
sockets.SetAction((parse, cancellationToken) => SocketBenchmark.RunAsync(
    parse.GetValue(followers), parse.GetValue(tasks), parse.GetValue(runs), parse.GetValue(postgres), cancellationToken));

var start = new Command("start", "How long the server takes until it is ready, and its memory when idle.") { program, runs };
start.SetAction((parse, cancellationToken) => StartBenchmark.RunAsync(parse.GetValue(program), parse.GetValue(runs), cancellationToken));

var first = new Command("first", "The first jobs of a server that has just started, one after the other.")
{
    tasks, parallel, bytes, runs, postgres, program,
};
first.SetAction((parse, cancellationToken) => FirstJobBenchmark.RunAsync(
    new LoadPlan(
        parse.GetValue(tasks), parse.GetValue(parallel), parse.GetValue(bytes), TimeSpan.Zero, parse.GetValue(runs), Path.GetTempPath(),
        null, parse.GetValue(postgres)),
    parse.GetValue(program), cancellationToken));

var itemCount = new Option<int>("--items") { DefaultValueFactory = _ => 40, Description = "Items of the request." };
var itemSize = new Option<int>("--mb") { DefaultValueFactory = _ => 15, Description = "The size of each in MB." };
var workers = new Option<int>("--workers") { DefaultValueFactory = _ => 8, Description = "Calls at once." };
var heap = new Option<int?>("--heap") { Description = "The limit of the server's heap in MB; without it there is none." };
var items = new Command("items", "Large JSON items in one request: the server's peak memory, and whether each call had the right bytes.")
{
    itemCount, itemSize, workers, heap, postgres, program,
};
items.SetAction((parse, cancellationToken) => ItemBenchmark.RunAsync(
    new ItemPlan(
        parse.GetValue(itemCount), parse.GetValue(itemSize) << 20, parse.GetValue(workers),
        parse.GetValue(heap) is { } limited ? (long)limited << 20 : null, parse.GetValue(postgres), parse.GetValue(program)),
    cancellationToken));

var photoCount = new Option<int>("--count") { DefaultValueFactory = _ => 200, Description = "Photos of one job." };
var photoSize = new Option<int>("--bytes") { DefaultValueFactory = _ => 10_000_000, Description = "The size of each, decoded." };
var uploadCount = new Option<int>("--uploads")
{
    DefaultValueFactory = _ => 16,
    Description = "Uploads of one photo at once beside a running job; 0 leaves that out.",
};
var uploadSize = new Option<int>("--upload-bytes")
{
    DefaultValueFactory = _ => 60_000_000,
    Description = "The size of each of them, decoded.",
};
var uploads = new Command("uploads", "Large photos: the speed of the submit, its memory and room, and a running job beside many uploads.")
{
    photoCount, photoSize, uploadCount, uploadSize, runs, postgres, program,
};
uploads.SetAction((parse, cancellationToken) => UploadBenchmark.RunAsync(
    new UploadPlan(
        parse.GetValue(photoCount), parse.GetValue(photoSize), parse.GetValue(uploadCount), parse.GetValue(uploadSize),
        parse.GetValue(runs), parse.GetValue(postgres), parse.GetValue(program)),
    cancellationToken));

var many = new Option<int>("--tasks") { DefaultValueFactory = _ => 1_000_000, Description = "Tasks in the database." };
var jobs = new Option<int>("--jobs") { DefaultValueFactory = _ => 100_000, Description = "Jobs in the database." };
var samples = new Option<int>("--samples") { DefaultValueFactory = _ => 200, Description = "How often each page is asked for." };
var keep = new Option<string?>("--keep")
{
    Description = "A SQLite file that is filled the first time; every run measures on a copy of it.",
};
var pages = new Command("pages", "Lists, details, bulk operations and followed results with very many jobs and tasks in the database.")
{
    many, jobs, samples, keep, postgres,
};
pages.SetAction((parse, cancellationToken) => PageBenchmark.RunAsync(
    new PagePlan(
        parse.GetValue(postgres), parse.GetValue(jobs), parse.GetValue(many), parse.GetValue(samples), parse.GetValue(keep)),
    cancellationToken));

var facePhotos = new Option<int>("--photos") { DefaultValueFactory = _ => 10_000, Description = "Photos in the job." };
var models = new Option<string>("--models")
{
    DefaultValueFactory = _ => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "stashai-tests", "models"),
    Description = "The models of the face service; the tests fetch them to this place, as `stashai models fetch` does to another.",
};
var faces = new Command("faces", "A large job's faces: judged again, grouped, listed by person, and one person erased.")
{
    facePhotos, models, program, samples, postgres,
};
faces.SetAction((parse, cancellationToken) => FaceBenchmark.RunAsync(
    new FacePlan(
        parse.GetValue(facePhotos), parse.GetValue(postgres), parse.GetValue(models)!, parse.GetValue(program), parse.GetValue(samples)),
    cancellationToken));

return await new RootCommand("Benchmarks of the queue.")
{
    load, gateway, batches, latency, depth, fairness, pack, interactions, items, uploads, sockets, start, first, pages, faces, soak, stub,
}.Parse(args).InvokeAsync();
