using System.Text;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Tests.Support;

/// <summary>Ordinary data; a test changes what it is about with <c>with</c>.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static readonly DateTimeOffset Deadline = Now.AddDays(1);

    public const string Body =
        """{"requestId":"r-1","instanceId":"i-bp1web1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou"}""";

    public const string ContainBody =
        """{"requestId":"r-1","action":"contain","instanceId":"i-bp1web1","isolationGroupId":"sg-isolation","regionId":"cn-hangzhou"}""";

    public const string RestoreBody = """{"requestId":"r-1","action":"restore","of":"r-9"}""";

    public static RequestReader Reader { get; } =
        new(new KnownAccounts(
            new Dictionary<string, string?> { ["default"] = null, ["beijing"] = "cn-beijing" },
            new Dictionary<string, IReadOnlyList<string>> { ["default"] = ["cn-a"], ["beijing"] = ["cn-a"] }));

    public static Delivery Delivery(string body = Body, string messageId = "m-1") => Delivery(Encoding.UTF8.GetBytes(body), messageId);

    public static Delivery Delivery(byte[] body, string messageId = "m-1") =>
        new() { MessageId = messageId, Body = body, ContentType = "application/json", EnqueuedAt = Now };

    public static RemovalRequest Request(string requestId = "r-1") => new()
    {
        RequestId = requestId,
        Account = "default",
        SecurityGroup = Group(),
        Resource = Instance(),
        RegionId = "cn-hangzhou",
    };

    public static SecurityGroupId Group(string id = "sg-bp1web") =>
        SecurityGroupId.TryParse(id, out var group) ? group : throw new ArgumentException(id, nameof(id));

    public static ResourceId Instance(string id = "i-bp1web1") =>
        ResourceId.Instance.TryParse(id, out var instance) ? instance : throw new ArgumentException(id, nameof(id));

    public static ResourceId NetworkInterface(string id = "eni-bp1app1") =>
        ResourceId.NetworkInterface.TryParse(id, out var card) ? card : throw new ArgumentException(id, nameof(id));
}
