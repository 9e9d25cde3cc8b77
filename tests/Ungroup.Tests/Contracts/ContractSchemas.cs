using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Ungroup.Jobs;
using Ungroup.Outcomes;
using Ungroup.Requests;

namespace Ungroup.Tests.Contracts;

/// <summary>Makes the published JSON Schemas from the types.</summary>
internal static class ContractSchemas
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    private static readonly JsonSerializerOptions Written = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static string Request()
    {
        var schema = Export(OutcomeJson.Default.RemovalRequest);
        schema["oneOf"] = new JsonArray([.. Enum.GetValues<RequestAction>().Select(OfAction)]);
        return Write("Removal request", schema);
    }

    /// <summary>The members that an action needs, and those that do not belong to it.</summary>
    private static JsonObject OfAction(RequestAction action)
    {
        var name = JsonSerializer.Serialize(action).Trim('"');
        var members = new JsonObject { ["action"] = new JsonObject { ["const"] = name } };
        foreach (var (member, actions) in RequestMembers.BelongsTo.Where(one => !one.Value.Contains(action)))
        {
            members[member] = false;
        }

        var branch = new JsonObject
        {
            ["required"] = action switch
            {
                RequestAction.Remove => new JsonArray("securityGroupId"),
                RequestAction.Contain => new JsonArray("action"),
                _ => new JsonArray("action", "of"),
            },
            ["properties"] = members,
        };
        if (action != RequestAction.Restore)
        {
            branch["oneOf"] = new JsonArray(
                new JsonObject { ["required"] = new JsonArray("instanceId") },
                new JsonObject { ["required"] = new JsonArray("networkInterfaceId", "regionId") });
        }

        return branch;
    }

    /// <summary>A job: the members of a request that it shares, and which of the rest go together.</summary>
    public static string Job()
    {
        var schema = Export(JobJson.Default.JobRequest);
        var members = schema["properties"]!.AsObject();
        members["action"]!["enum"] = new JsonArray("remove", "contain");
        members["stopIfMoreThan"] = new JsonObject { ["description"] = members["stopIfMoreThan"]!["description"]!.DeepClone(), ["type"] = "string", ["pattern"] = "^(0|[1-9][0-9]?|100)%$" };
        foreach (var count in (string[])["most", "maxFailures"])
        {
            (members[count]!["minimum"], members[count]!["maximum"]) = (0, JobReader.MostResources);
        }

        var resources = members["resources"]!.AsObject();
        (resources["minItems"], resources["maxItems"], resources["uniqueItems"]) = (1, JobReader.MostResources, true);
        resources["items"] = new JsonObject { ["type"] = "string", ["pattern"] = "^(i|eni)-[A-Za-z0-9_-]{1,60}$" };
        members["select"]!["required"] = new JsonArray("memberOf");
        members["select"]!["additionalProperties"] = false;
        foreach (var tags in (string[])["tags", "exceptTags"])
        {
            (members["select"]!["properties"]![tags]!["minProperties"], members["select"]!["properties"]![tags]!["maxProperties"]) = (1, 20);
        }

        schema["required"] = new JsonArray("jobId");
        schema["allOf"] = new JsonArray(
            OneOf(
                new() { ["required"] = new JsonArray("securityGroupId"), ["properties"] = new JsonObject { ["action"] = new JsonObject { ["const"] = "remove" }, ["isolationGroupId"] = false } },
                new() { ["required"] = new JsonArray("action"), ["properties"] = new JsonObject { ["action"] = new JsonObject { ["const"] = "contain" }, ["securityGroupId"] = false } }),
            OneOf(
                new() { ["required"] = new JsonArray("resources"), ["properties"] = new JsonObject { ["select"] = false, ["most"] = false, ["stopIfMoreThan"] = false } },
                new() { ["required"] = new JsonArray("select"), ["properties"] = new JsonObject { ["resources"] = false } }));
        return Write("Job", schema);
    }

    private static JsonObject OneOf(params JsonObject[] branches) => new() { ["oneOf"] = new JsonArray([.. branches]) };

    /// <summary>The event of an outcome: the envelope that all events have, and what its members are in this one.</summary>
    public static string Outcome()
    {
        var schema = Export(OutcomeJson.Default.Event);
        schema.Insert(0, "description", "What became of one removal request: a CloudEvents 1.0 event in structured mode.");
        foreach (var (member, text) in ((string, string)[])
            [
                ("id", "A hash of account, request id and status, or, for Rejected, of account, message id, body and what is said of it: the same however often the event is published, another one for every other event. Also the id of the bus message."),
                ("type", "ungroup.removal.<status>.v1"),
                ("subject", "The resource, job:<jobId> for a job, or message:<id> where neither could be read."),
                ("time", "When the outcome was decided."),
            ])
        {
            schema["properties"]![member]!.AsObject().Insert(0, "description", text);
        }

        return Write("Outcome event", schema);
    }

    private static string Write(string title, JsonObject schema)
    {
        schema.Insert(0, "$schema", Dialect);
        schema.Insert(1, "title", title);
        return schema.ToJsonString(Written) + "\n";
    }

    private static JsonObject Export(JsonTypeInfo type) =>
        type.GetJsonSchemaAsNode(new()
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = Transform,
        }).AsObject();

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        // A type that writes itself is text.
        if ((node as JsonObject ?? (context.TypeInfo.Type == typeof(SecurityGroupId) ? new() { ["type"] = "string" } : null)) is not { } schema)
        {
            return node;
        }

        Unnull(schema);

        var attributes = context.PropertyInfo?.AttributeProvider ?? context.TypeInfo.Type;
        if (Get<DescriptionAttribute>(attributes) is { } description)
        {
            schema.Insert(0, "description", description.Description);
        }

        if (Get<RegularExpressionAttribute>(attributes) is { } expression)
        {
            schema["pattern"] = expression.Pattern;
        }

        if (Get<StringLengthAttribute>(attributes) is { } length)
        {
            schema["maxLength"] = length.MaximumLength;
        }

        if (schema["properties"] is JsonObject members && (context.TypeInfo.Type == typeof(RemovalRequest) || context.TypeInfo.Type == typeof(JobRequest)))
        {
            // Kept in the ledger, and told in no event.
            members.Remove("regionIsDefault");
            if (context.TypeInfo.Type == typeof(JobRequest))
            {
                members.Remove("madeFrom");
                members.Remove("force");
                members.Remove("of");
            }

            schema.Remove("required");
            schema["additionalProperties"] = false;
        }

        return schema;
    }

    // A member that does not apply is left out, in both contracts.
    private static void Unnull(JsonObject schema)
    {
        if (schema["type"] is JsonArray types)
        {
            schema["type"] = types.Select(type => type!.GetValue<string>()).Single(type => type != "null");
        }

        if (schema["enum"] is JsonArray values)
        {
            schema["enum"] = new JsonArray([.. values.Where(value => value is not null).Select(value => value!.DeepClone())]);
        }
    }

    private static T? Get<T>(ICustomAttributeProvider? provider)
        where T : Attribute => provider?.GetCustomAttributes(typeof(T), inherit: true).OfType<T>().FirstOrDefault();
}
