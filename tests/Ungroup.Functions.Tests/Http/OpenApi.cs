using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Azure.Functions.Worker;
using Ungroup.Functions.Http.Holds;
using Ungroup.Functions.Http.Jobs;
using Ungroup.Functions.Http.Requests;
using Ungroup.Functions.Invocations;
using Ungroup.Intake;
using Ungroup.Jobs;
using Ungroup.Tests.Support;

namespace Ungroup.Functions.Tests.Http;

/// <summary>Makes <c>docs/openapi.json</c>: its routes from the functions, its schemas from the types and from the contracts' own schemas.</summary>
internal static class OpenApi
{
    private const string Problem = "application/problem+json";
    private const string Plain = "application/json";

    private static readonly JsonSerializerOptions Camel = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static IEnumerable<(string Function, string Path, string Method)> Routes =>
        from type in typeof(Drain).Assembly.GetTypes()
        from method in type.GetMethods()
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        let trigger = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(found => found is not null)
        where trigger is not null
        from verb in trigger.Methods!
        orderby trigger.Route, function.Name
        select (function.Name, $"/api/{trigger.Route!.Replace("{*", "{", StringComparison.Ordinal)}", verb);

    public static string Document()
    {
        var document = new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Ungroup over HTTP",
                ["version"] = "1",
                ["description"] = "Requests to take Alibaba Cloud ECS instances and network interfaces out of security groups, to contain them, and to undo that. "
                    + "What is accepted becomes a message; outcomes are told on the topic, and answered here.",
            },
            ["servers"] = new JsonArray(new JsonObject
            {
                ["url"] = "https://{app}.azurewebsites.net",
                ["variables"] = new JsonObject { ["app"] = new JsonObject { ["default"] = "app", ["description"] = "The name of the function app." } },
            }),
            ["security"] = new JsonArray(new JsonObject { ["functionKey"] = new JsonArray() }),
            ["paths"] = Paths(),
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["functionKey"] = new JsonObject
                    {
                        ["type"] = "apiKey",
                        ["in"] = "header",
                        ["name"] = "x-functions-key",
                        ["description"] = "A key of the function that is called. Each has keys of its own.",
                    },
                },
                ["schemas"] = Schemas(),
            },
        };
        return document.ToJsonString(Camel) + "\n";
    }

    private static JsonObject Paths()
    {
        var paths = new JsonObject();
        foreach (var (function, path, method) in Routes)
        {
            var operation = Operation(function);
            operation.Insert(0, "operationId", function);
            var item = paths[path] as JsonObject ?? [];
            item[method] = operation;
            paths[path] = item;
        }

        return paths;
    }

    /// <summary>A function without a case here has no place in the document, and the test says so.</summary>
    private static JsonObject Operation(string function) => function switch
    {
        nameof(RequestRemoval) => Intake("Asks for a remove or a contain, or for up to 100 of them.", "Removal"),
        nameof(RequestRestore) => Intake("Asks for a restore, or for up to 100 of them. The action may be left out.", "Restore"),
        nameof(GetRemoval) => new()
        {
            ["summary"] = "Where a request is, or how it has ended: of whatever action.",
            ["parameters"] = new JsonArray(
                Parameter("requestId", "path", "The key of the request. Its slashes are escaped.", new() { ["type"] = "string", ["pattern"] = "^[A-Za-z0-9._:/-]{1,128}$" }, isRequired: true),
                Parameter("account", "query", "The account the request named.", new() { ["type"] = "string", ["default"] = "default" }),
                Parameter(
                    "wait", "query", "Answers when the request has ended, after so many seconds at the latest. A request that is not known yet is waited for too.",
                    new() { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = StatusWait.Longest, ["default"] = 0 })),
            ["responses"] = Responses(
                ("200", "What is known of it.", Plain, "Status"), ("400", "The question names nothing that can be.", Problem, "Problem"),
                ("404", "Nobody has taken it up yet, it was rejected, or it ended too long ago.", Problem, "Problem"), ("503", "The ledger does not answer. Ask again.", Problem, "Problem")),
        },
        nameof(GetHolds) => new()
        {
            ["summary"] = "The holds in force.",
            ["responses"] = Responses(("200", "All of them.", Plain, "Holds"), ("503", "The ledger does not answer. Ask again.", Problem, "Problem")),
        },
        nameof(PutHold) => new()
        {
            ["summary"] = "Puts a hold: what it covers waits, from two seconds after the answer on.",
            ["requestBody"] = new JsonObject { ["required"] = true, ["content"] = new JsonObject { [Plain] = Content(Ref("HoldOrder")) } },
            ["responses"] = Responses(
                ("201", "It is in force. `expiring` says how many requests would run out of time under it.", Plain, "Hold"),
                ("400", "Nothing is held; problems name the members to change.", Problem, "Problem"), ("413", "Too large. Nothing is held.", Problem, "Problem"),
                ("503", "The ledger does not answer, and may have the hold all the same.", Problem, "Problem")),
        },
        nameof(LiftHold) => new()
        {
            ["summary"] = "Lifts a hold: what waits under it is back within five minutes.",
            ["parameters"] = new JsonArray(Parameter("id", "path", "The id of the hold.", new() { ["type"] = "string", ["pattern"] = "^[A-Za-z0-9._-]{1,160}$" }, isRequired: true)),
            ["responses"] = Responses(
                ("200", "The hold as it was.", Plain, "Hold"), ("404", "It was lifted, or it is over.", Problem, "Problem"),
                ("503", "The ledger does not answer, and may have lifted it all the same.", Problem, "Problem")),
        },
        nameof(SubmitJob) => new()
        {
            ["summary"] = "Asks for one change of many resources. What is accepted is written down, and done whatever becomes of anybody.",
            ["requestBody"] = Body("Job", "application/cloudevents+json"),
            ["responses"] = Responses(
                ("202", "It is written down, now or before: the same job may be sent again. Ask its location.", Plain, "JobStatus"),
                ("400", "Nothing is done; problems name the members to change.", Problem, "Problem"), ("409", "Another job has this name (`IdempotencyConflict`).", Problem, "Problem"),
                ("413", "Too large: a job has 1 MiB at most.", Problem, "Problem"), ("415", "Another content type.", Problem, "Problem"),
                ("503", "The ledger does not answer, or the bus: it may be written down all the same. Send it again.", Problem, "Problem")),
        },
        nameof(GetJobs) => new()
        {
            ["summary"] = "Jobs, the newest first.",
            ["parameters"] = new JsonArray(
                Parameter("state", "query", "Only those in this state.", new() { ["enum"] = new JsonArray([.. Enum.GetNames<JobState>().Select(name => (JsonNode)name)]) }),
                Parameter("account", "query", "Only those of this account.", new() { ["type"] = "string" }),
                Parameter("limit", "query", "The most that a page has.", new() { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = JobQuery.LongestPage, ["default"] = 50 }),
                Parameter("after", "query", "`next` of the page before.", new() { ["type"] = "string" })),
            ["responses"] = Responses(
                ("200", "A page. It may be short, or empty, and still have `next`.", Plain, "JobPage"), ("400", "The question asks for nothing that can be.", Problem, "Problem"),
                ("503", "The ledger does not answer. Ask again.", Problem, "Problem")),
        },
        nameof(GetJob) => OfJob("Where a job is, or how it has ended.", [], ("200", "What is known of it.", Plain, "JobStatus")),
        nameof(GetJobResults) => OfJob(
            "What became of each resource of a job, in the order of its plan; also what the plan has that is not done yet.",
            [Parameter("format", "query", "Objects or a table. Where it is left out, Accept decides.", new() { ["enum"] = new JsonArray("json", "csv") })],
            ("200", "All of them, written as they are read.", Plain, "JobResults"), ("200", "RFC 4180; a cell that a spreadsheet would take for a formula has ' before it.", "text/csv", "Table")),
        nameof(CancelJob) => Ordered(
            "Nothing more of a job is issued; what is under way ends.", "JobOrder", ("200", "The job, which ends.", Plain, "JobStatus"), ("409", "It has ended otherwise (`Ended`).", Problem, "Problem")),
        nameof(RetryJob) => Ordered(
            "A new job, `<jobId>:retry-1`, of what failed or never started in one that has ended. Asked for twice it is one.", "JobOrder",
            ("202", "It is written down, now or before. Ask its location.", Plain, "JobStatus"), ("409", "`NotEnded`, `NothingToRetry` or `IdempotencyConflict`.", Problem, "Problem")),
        nameof(RestoreJob) => Ordered(
            "A new job, `<jobId>:restore-1`, that undoes each change of one that has ended. Asked for twice it is one.", "JobRestoreOrder",
            ("202", "It is written down, now or before. Ask its location.", Plain, "JobStatus"), ("409", "`NotEnded`, `NothingToRestore` or `IdempotencyConflict`.", Problem, "Problem")),
        nameof(ApproveJob) => Ordered(
            "Approves or rejects the plan of a job, once.", "JobDecision", ("200", "It is decided so, now or before; `approval` says by whom.", Plain, "JobStatus"),
            ("403", "By whoever asked for the job (`OwnJob`), by an application, or without the app role.", Problem, "Problem"),
            ("409", "`NotPlanned`, `OtherPlan`, `Decided`, `Ended`, `NotNeeded` or `Expired`.", Problem, "Problem")),
        _ => throw new NotSupportedException($"{function} is not described in {nameof(OpenApi)}."),
    };

    /// <summary>A question about one job, or an order.</summary>
    private static JsonObject OfJob(string summary, JsonObject[] parameters, params (string Code, string Description, string Type, string Schema)[] responses) => new()
    {
        ["summary"] = summary,
        ["parameters"] = new JsonArray(
        [
            Parameter("jobId", "path", "The name of the job.", new() { ["type"] = "string", ["pattern"] = "^[A-Za-z0-9._:-]{1,64}$" }, isRequired: true),
            Parameter("account", "query", "The account of the job.", new() { ["type"] = "string", ["default"] = "default" }),
            .. parameters,
        ]),
        ["responses"] = Responses(
        [
            .. responses, ("400", "Nothing is done; problems name what to change.", Problem, "Problem"), ("404", "There is no such job.", Problem, "Problem"),
            ("503", "The ledger does not answer, or the bus. Ask again, which does nothing twice.", Problem, "Problem"),
        ]),
    };

    private static JsonObject Ordered(string summary, string order, params (string Code, string Description, string Type, string Schema)[] responses)
    {
        var operation = OfJob(summary, [], [.. responses, ("413", "Too large.", Problem, "Problem")]);
        operation.Insert(2, "requestBody", Body(order));
        operation["requestBody"]!["required"] = order == "JobDecision";
        operation["responses"]!["401"] = Described("No key of this function; or a principal that nobody has checked.", Problem, "Problem");
        return operation;
    }

    private static JsonObject Body(string schema, params string[] types) => new()
    {
        ["required"] = true,
        ["content"] = new JsonObject([KeyValuePair.Create(Plain, (JsonNode?)Content(Ref(schema))), .. types.Select(type => KeyValuePair.Create(type, (JsonNode?)Content(Ref("CloudEvent"))))]),
    };

    private static JsonObject Described(string description, string type, string schema) =>
        new() { ["description"] = description, ["content"] = new JsonObject { [type] = Content(Ref(schema)) } };

    private static JsonObject Intake(string summary, string request) => new()
    {
        ["summary"] = summary,
        ["requestBody"] = new JsonObject
        {
            ["required"] = true,
            ["content"] = new JsonObject
            {
                [Plain] = Content(OneOrMany(request)),
                ["application/cloudevents+json"] = Content(Ref("CloudEvent")),
                ["application/cloudevents-batch+json"] = Content(Many("CloudEvent")),
            },
        },
        ["responses"] = Responses(
            ("202", "All of it is enqueued. Ask `location` for the outcome.", Plain, "Accepted"),
            ("207", "Of several, some are enqueued and some are invalid.", Plain, "Results"), ("400", "Nothing is enqueued; problems name the members to change.", Problem, "Problem"),
            ("413", "Too large. Nothing is enqueued.", Problem, "Problem"), ("415", "Another content type. Nothing is enqueued.", Problem, "Problem"),
            ("503", "Not everything is known to be enqueued: `results` says what to send again.", Problem, "Problem")),
    };

    private static JsonObject Responses(params (string Code, string Description, string Type, string Schema)[] responses)
    {
        var all = new JsonObject();
        foreach (var (code, description, type, schema) in responses)
        {
            var response = all[code]?.AsObject() ?? Described(description, type, schema);
            response["content"]![type] = Content(Ref(schema));
            all[code] = response;
        }

        all["401"] = new JsonObject { ["description"] = "No key of this function." };
        return all;
    }

    private static JsonObject Schemas()
    {
        var request = Contract("request");
        return new()
        {
            ["Removal"] = Narrowed(request, "remove", "contain"),
            ["Restore"] = Narrowed(request, "restore"),
            ["CloudEvent"] = new JsonObject
            {
                ["description"] = "A CloudEvents 1.0 event whose data is the request.",
                ["type"] = "object",
                ["required"] = new JsonArray("specversion", "id", "source", "type"),
                ["properties"] = new JsonObject { ["specversion"] = new JsonObject { ["const"] = "1.0" } },
            },
            ["Accepted"] = new JsonObject { ["oneOf"] = new JsonArray(Ref("Result"), Ref("Results")) },
            ["Result"] = Exported<IntakeResult>(),
            ["Results"] = new JsonObject
            {
                ["description"] = "In the order of the requests.",
                ["type"] = "object",
                ["required"] = new JsonArray("results"),
                ["properties"] = new JsonObject { ["results"] = new JsonObject { ["type"] = "array", ["items"] = Ref("Result") } },
            },
            ["Status"] = With(Exported<RemovalStatus>(), "outcome", Ref("Outcome")),
            ["HoldOrder"] = HoldOrder(),
            ["Hold"] = Exported<ToldHold>(),
            ["Holds"] = new JsonObject
            {
                ["type"] = "object",
                ["required"] = new JsonArray("holds"),
                ["properties"] = new JsonObject { ["holds"] = new JsonObject { ["type"] = "array", ["items"] = Ref("Hold") } },
            },
            ["Job"] = Contract("job"),
            ["JobStatus"] = Exported<JobView>(),
            ["JobPage"] = With(Exported<JobViews>(), "jobs", new() { ["type"] = "array", ["items"] = Ref("JobStatus") }),
            ["JobResults"] = new JsonObject
            {
                ["type"] = "object",
                ["required"] = new JsonArray("jobId", "account", "state", "results"),
                ["properties"] = new JsonObject
                {
                    ["jobId"] = new JsonObject { ["type"] = "string" },
                    ["account"] = new JsonObject { ["type"] = "string" },
                    ["state"] = new JsonObject { ["enum"] = new JsonArray([.. Enum.GetNames<JobState>().Select(name => (JsonNode)name)]) },
                    ["results"] = new JsonObject { ["type"] = "array", ["items"] = Ref("JobResult") },
                },
            },
            ["JobResult"] = Exported<ResourceResult>(),
            ["JobOrder"] = JobOrder(isDecision: false),
            ["JobRestoreOrder"] = With(
                JobOrder(isDecision: false), "force", new() { ["description"] = "Go on although others have changed the membership. Default: false.", ["type"] = "boolean" }),
            ["JobDecision"] = JobOrder(isDecision: true),
            ["Table"] = new JsonObject { ["description"] = "resource,requestId,status,code,sentence,groups", ["type"] = "string" },
            ["Outcome"] = Contract("outcome"),
            ["Problem"] = With(Exported<Problem>(), "results", new() { ["type"] = "array", ["items"] = Ref("Result") }),
        };
    }

    private static JsonObject JobOrder(bool isDecision)
    {
        var members = new JsonObject
        {
            ["by"] = new JsonObject { ["description"] = "Who; a key gives no name. Where somebody has signed in, that name counts.", ["type"] = "string", ["maxLength"] = 256 },
            ["reason"] = new JsonObject { ["description"] = "Why.", ["type"] = "string", ["maxLength"] = 1024 },
        };
        if (isDecision)
        {
            members["plan"] = Text("The whole hash of the plan.", "^sha256:[0-9a-f]{64}$");
            members["decision"] = new JsonObject { ["enum"] = new JsonArray("approve", "reject") };
        }

        return new()
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = isDecision ? new JsonArray("plan", "decision") : [],
            ["properties"] = members,
        };
    }

    private static JsonObject HoldOrder() => new()
    {
        ["description"] = "What it names is held; what it leaves out is not asked. Without account, group and origin everything is.",
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["required"] = new JsonArray("reason"),
        ["properties"] = new JsonObject
        {
            ["account"] = Text("The name of a configured account.", "^[A-Za-z0-9._-]{1,64}$"),
            ["group"] = Text("The id of a security group.", "^sg-[A-Za-z0-9_-]{1,60}$"),
            ["origin"] = new JsonObject { ["description"] = "An incident is what came by the queue removals-incident.", ["enum"] = new JsonArray("upstream", "incident", "cleanup") },
            ["reason"] = new JsonObject { ["description"] = "Why; whoever finds their request waiting reads it.", ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 1024 },
            ["by"] = new JsonObject { ["description"] = "Who; a key gives no name.", ["type"] = "string", ["maxLength"] = 256 },
            ["for"] = new JsonObject { ["description"] = "How long, such as 30m, 2h or 365d at most. Default: until it is lifted.", ["type"] = "string" },
            ["until"] = new JsonObject { ["description"] = "Its end, instead of `for`.", ["type"] = "string", ["format"] = "date-time" },
        },
    };

    private static JsonObject Text(string description, string pattern) => new() { ["description"] = description, ["type"] = "string", ["pattern"] = pattern };

    private static JsonObject Contract(string name)
    {
        var schema = JsonNode.Parse(File.ReadAllText(Snapshot.Find($"docs/{name}.schema.json")))!.AsObject();
        schema.Remove("$schema");
        return schema;
    }

    /// <summary>The schema of a request of these actions alone: without the members that belong to none of them.</summary>
    private static JsonObject Narrowed(JsonObject request, params string[] actions)
    {
        var schema = request.DeepClone().AsObject();
        var branches = schema["oneOf"]!.AsArray().Select(branch => branch!.DeepClone().AsObject())
            .Where(branch => actions.Contains((string?)branch["properties"]!["action"]!["const"])).ToList();
        var others = schema["properties"]!.AsObject().Select(member => member.Key)
            .Where(member => branches.TrueForAll(branch => branch["properties"]![member] is JsonValue)).ToList();
        foreach (var member in others)
        {
            schema["properties"]!.AsObject().Remove(member);
            branches.ForEach(branch => branch["properties"]!.AsObject().Remove(member));
        }

        schema["properties"]!["action"] = new JsonObject { ["description"] = $"Default: {actions[0]}.", ["enum"] = new JsonArray([.. actions.Select(action => (JsonNode)action)]) };
        schema.Remove("oneOf");
        if (branches is [var only])
        {
            schema["required"] = new JsonArray([.. only["required"]!.AsArray().Select(name => name!.DeepClone()).Where(name => (string?)name != "action")]);
        }
        else
        {
            schema["oneOf"] = new JsonArray([.. branches]);
        }

        return schema;
    }

    private static JsonObject Exported<T>() => Camel.GetJsonSchemaAsNode(typeof(T), new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (_, node) => node is JsonObject schema ? WithoutNull(schema) : node,
    }).AsObject();

    // A member that does not apply is left out.
    private static JsonObject WithoutNull(JsonObject schema)
    {
        if (schema["type"] is JsonArray types)
        {
            schema["type"] = types.Select(type => type!.GetValue<string>()).Single(type => type != "null");
        }

        if (schema["enum"] is JsonArray values)
        {
            values.RemoveAll(value => value is null);
        }

        return schema;
    }

    private static JsonObject With(JsonObject schema, string member, JsonObject value)
    {
        schema["properties"]![member] = value;
        return schema;
    }

    private static JsonObject OneOrMany(string schema) => new() { ["oneOf"] = new JsonArray(Ref(schema), Many(schema)) };

    private static JsonObject Many(string schema) => new()
    {
        ["type"] = "array",
        ["minItems"] = 1,
        ["maxItems"] = IntakeReader.MostRequests,
        ["items"] = Ref(schema),
    };

    private static JsonObject Content(JsonObject schema) => new() { ["schema"] = schema };

    private static JsonObject Ref(string schema) => new() { ["$ref"] = $"#/components/schemas/{schema}" };

    private static JsonObject Parameter(string name, string place, string description, JsonObject schema, bool isRequired = false) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["description"] = description,
        ["required"] = isRequired,
        ["schema"] = schema,
    };
}
