using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Outcomes;
using Ungroup.Requests;
using Ungroup.Tests.Contracts;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Requests;

/// <summary>
/// Holds for each member of a request, also for one that is added tomorrow: it is one property, and one line of the reader.
/// </summary>
public sealed class RequestMemberTests
{
    // Values of members whose form is more than "some text".
    private static readonly Dictionary<string, JsonNode> Special = new()
    {
        ["requestId"] = "r-2",
        ["securityGroupId"] = "sg-other",
        ["instanceId"] = "i-other",
        ["networkInterfaceId"] = "eni-other",
        ["regionId"] = "cn-beijing",
        ["account"] = "beijing",
        ["isolationGroupId"] = "sg-other",
        ["of"] = "r-0",
    };

    public static TheoryData<string> Members => [.. RequestMembers.Names];

    [Theory]
    [MemberData(nameof(Members))]
    public void Each_member_is_read_into_the_request(string member) => Assert.NotEqual(Read(Without(member)), Read(Changed(member)));

    [Theory]
    [MemberData(nameof(Members))]
    public void Each_member_but_the_key_changes_the_hash(string member)
    {
        var (hash, changed) = (PayloadHash.Of(Read(Without(member))), PayloadHash.Of(Read(Changed(member))));

        Assert.Equal(member == "requestId", hash == changed);
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void Each_member_is_kept_in_the_document_and_read_from_it(string member)
    {
        var record = new LedgerRecord
        {
            Key = new("default", "r-1"),
            PayloadHash = "hash",
            State = LedgerState.Claimed,
            FirstSeenAt = Some.Now,
            Deadline = Some.Deadline,
            MessageId = "m-1",
            Request = Read(Changed(member)),
            ForgetAt = Some.Deadline,
        };

        Assert.Equal(record, LedgerDocument.Read(LedgerDocument.Write(record), LedgerState.Claimed, told: null));
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void Each_member_is_told_in_the_event_as_it_was_sent(string member)
    {
        var body = Changed(member);
        var outcome = new Outcome { Status = OutcomeStatus.Rejected, Sentence = "" };

        var told = OutcomeEventWriter.Write(Read(body), outcome, Some.Delivery(), Some.Now);

        var request = JsonNode.Parse(told.Json.Span)!["data"]!["request"]!.AsObject();
        Assert.Equal(Comparable(body[member]!), Comparable(request[member]!));
        Assert.Subset(RequestMembers.Names.ToHashSet(), request.Select(one => one.Key).ToHashSet());
    }

    /// <summary>A region that was not given is told, but that it was not is a matter of the ledger.</summary>
    [Fact]
    public void An_event_has_no_member_that_the_contract_has_not()
    {
        var told = OutcomeEventWriter.Write(
            Some.Request() with { RegionIsDefault = true }, new Outcome { Status = OutcomeStatus.Rejected, Sentence = "" }, Some.Delivery(), Some.Now);

        Assert.DoesNotContain("regionIsDefault", Encoding.UTF8.GetString(told.Json.Span), StringComparison.Ordinal);
        Assert.DoesNotContain("regionIsDefault", RequestMembers.Names);
    }

    private static JsonObject Changed(string member)
    {
        var body = member == "action" ? JsonNode.Parse(Some.ContainBody)!.AsObject() : Without(member);
        if (member == "action")
        {
            return body;
        }

        if (member == "networkInterfaceId")
        {
            body.Remove("instanceId");
        }

        body[member] = Special.TryGetValue(member, out var value) ? value.DeepClone() : OfKind(member);
        return body;
    }

    /// <summary>A request that the member belongs to.</summary>
    private static JsonObject Without(string member)
    {
        var actions = RequestMembers.BelongsTo.GetValueOrDefault(member, [RequestAction.Remove]);
        return JsonNode.Parse(
            actions.Contains(RequestAction.Remove) ? Some.Body
            : actions.Contains(RequestAction.Contain) ? Some.ContainBody
            : Some.RestoreBody)!.AsObject();
    }

    private static JsonNode OfKind(string member)
    {
        var schema = JsonNode.Parse(ContractSchemas.Request())!["properties"]![member]!;
        return schema switch
        {
            _ when schema["enum"] is JsonArray names => names[^1]!.DeepClone(),
            _ when schema["format"]?.GetValue<string>() == "date-time" => "2026-01-02T03:04:06Z",
            _ when schema["type"]?.GetValue<string>() == "boolean" => true,
            _ => "some text",
        };
    }

    private static string Comparable(JsonNode value) =>
        DateTimeOffset.TryParse(value.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var instant) ? instant.ToString("o") : value.ToJsonString();

    private static RemovalRequest Read(JsonObject body) =>
        Assert.IsType<ParsedRequest.Accepted>(Some.Reader.Read(Some.Delivery(body.ToJsonString()))).Request;
}
