"""What the peers look at: columns of a simulated export, and keywords by what they say."""

COUNTS = [
    "price", "list_price", "quantity", "image_count", "listing_age_days", "seller_age_days",
    "seller_feedback_count", "seller_listing_count", "sales_count", "return_count",
    "fake_return_count", "review_count", "fake_review_count",
]
PRESENCE = ["brand", "description", "gtin", "trader_name", "trader_address", "trader_email"]
# Characters that show nothing.
INVISIBLE = "[\u200b-\u200f\u2060\ufeff\u00ad]"
# A part of what our lexicons hold, as a notebook would have it.
KEYWORDS = {
    "replica": ["replica", "knockoff", "knock-off", "fake", "imitation", "clone", "réplica",
                "imitación", "реплика", "копия", "高仿", "复刻", "仿品"],
    "grade": ["1:1", "aaa", "mirror quality", "top grade", "best batch", "7a", "primeira linha",
              "一比一", "顶级", "超a"],
    "inspired": ["dupe", "inspired by", "same as original", "look alike", "inspirado", "同款"],
    "contact": ["whatsapp", "wechat", "telegram", "dm for", "more pics", "chama no zap", "微信"],
    "box": ["no box", "without box", "no receipt", "sem caixa", "sin caja", "без коробки", "无盒"],
    "claim": ["authentic", "genuine", "original", "autêntico", "оригинал", "正品", "专柜"],
    "stock": ["wholesale", "bulk", "dropship", "factory", "atacado", "оптом", "工厂", "尾货"],
}
