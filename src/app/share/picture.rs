//! A drawing as pixels: the SVG that the page saves too, painted on a canvas that is not on the page.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::hand::parts;
use crate::app::browser;
use crate::app::own::files;

/// Pixels for each pixel of the width, as `tokscope chart` has by default.
const SCALE: u32 = 2;

/// The drawing as a file of PNG; `None` where the browser paints or encodes none.
pub async fn png(svg: &str) -> Option<Uint8Array> {
    let blob = files::blob(&parts(svg), "image/svg+xml")?;
    let url = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
    let painted = paint(&url).await;
    let _ = web_sys::Url::revoke_object_url(&url);
    let canvas = painted?;
    let encoded = Promise::new(&mut |resolve, _| {
        let _ = canvas.to_blob(&resolve);
    });
    let blob: web_sys::Blob = JsFuture::from(encoded).await.ok()?.dyn_into().ok()?;
    Some(Uint8Array::new(&JsFuture::from(blob.array_buffer()).await.ok()?))
}

async fn paint(url: &str) -> Option<web_sys::HtmlCanvasElement> {
    let image = web_sys::HtmlImageElement::new().ok()?;
    image.set_src(url);
    JsFuture::from(image.decode()).await.ok()?;
    let (width, height) = (image.natural_width() * SCALE, image.natural_height() * SCALE);
    let canvas = browser::document()?.create_element("canvas").ok()?;
    let canvas: web_sys::HtmlCanvasElement = canvas.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d").ok()??;
    let context: web_sys::CanvasRenderingContext2d = context.dyn_into().ok()?;
    let (width, height) = (f64::from(width), f64::from(height));
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height).ok()?;
    Some(canvas)
}
