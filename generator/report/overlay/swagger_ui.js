// Badges for Swagger UI, which ignores x-badges. Made for the overlay of oapi-guard:
//
//   <script src="oapi-guard-badges.js"></script>
//   SwaggerUIBundle({url: "openapi.yaml", dom_id: "#swagger-ui", plugins: [OapiGuardBadges]})
//
// Names stand in the page as text, and colours as the one property that they are for, whatever the document holds.
(function (root) {
  "use strict";

  const style = {
    display: "inline-block", margin: "2px 0 2px 6px", padding: "2px 8px", borderRadius: "10px", color: "#fff",
    font: "600 11px/16px sans-serif", maxWidth: "40ch", overflowWrap: "anywhere", textAlign: "left",
  };

  // badgesOf reads x-badges from the operation as Swagger UI knows it: Immutable collections.
  function badgesOf(props) {
    const badges = props.operationProps && props.operationProps.getIn(["op", "x-badges"]);
    const list = badges && badges.toJS ? badges.toJS() : [];
    return (Array.isArray(list) ? list : []).filter(badge => badge && typeof badge.name === "string");
  }

  const color = badge => typeof badge.color === "string" && /^(#[0-9a-f]{3,8}|[a-z]+)$/i.test(badge.color) ? badge.color : "#475569";

  function OapiGuardBadges(system) {
    const element = system.React.createElement;
    return {
      wrapComponents: {
        OperationSummaryPath: Original => function PathWithBadges(props) {
          return element("span", {style: {minWidth: 0}},
            element(Original, props),
            badgesOf(props).map((badge, i) =>
              element("span", {key: i, className: "oapi-guard-badge", style: Object.assign({}, style, {backgroundColor: color(badge)})}, badge.name)));
        },
      },
    };
  }

  root.OapiGuardBadges = OapiGuardBadges;
  if (typeof module === "object" && module.exports) module.exports = OapiGuardBadges;
})(typeof globalThis === "object" ? globalThis : this);
